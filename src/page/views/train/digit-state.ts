import { computed, signal } from '@preact/signals';
import { formatInk, parseInk, type Stroke } from '../../shared/ink.js';
import { app, setParam } from '../../state/app.js';

/** The strokes while the pen is down; null when it is up. */
export const drawing = signal<readonly Stroke[] | null>(null);

/** The current drawing, or that of the address; null when a test image is selected. */
export const strokes = computed<readonly Stroke[] | null>(
  () => drawing.value ?? (app.params.ink === undefined ? null : parseInk(app.params.ink)),
);

/** The selected test image, from 0. */
export const testImage = computed(() => {
  const number = Number(app.params.digit ?? 0);
  return Number.isSafeInteger(number) && number >= 0 ? number : 0;
});

/** The selected image, as the argument of a call. */
export const looked = computed(() =>
  strokes.value === null ? { test: testImage.value } : { ink: formatInk(strokes.value) },
);

/** Puts the drawing into the address when the pen is lifted. */
export function keepDrawing(): void {
  if (drawing.value === null) return;
  setParam('digit', null);
  setParam('ink', formatInk(drawing.value));
  drawing.value = null;
}

export function chooseTestImage(number: number): void {
  drawing.value = null;
  setParam('ink', null);
  setParam('digit', number === 0 ? null : String(number));
}
