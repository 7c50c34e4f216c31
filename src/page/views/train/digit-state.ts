import { computed, signal } from '@preact/signals';
import { formatInk, parseInk, type Stroke } from '../../shared/ink.js';
import { app, setParam } from '../../state/app.js';

/** The strokes so far, while the pen is down; null when it is not. */
export const drawing = signal<readonly Stroke[] | null>(null);

/** The drawing: the one under way, or the address's; null where a test image is chosen. */
export const strokes = computed<readonly Stroke[] | null>(
  () => drawing.value ?? (app.params.ink === undefined ? null : parseInk(app.params.ink)),
);

/** Which test image is chosen, from 0. */
export const testImage = computed(() => {
  const number = Number(app.params.digit ?? 0);
  return Number.isSafeInteger(number) && number >= 0 ? number : 0;
});

/** The image that is looked at, as the engine is asked for it. */
export const looked = computed(() =>
  strokes.value === null ? { test: testImage.value } : { ink: formatInk(strokes.value) },
);

/** The pen is lifted: the drawing goes into the address. */
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
