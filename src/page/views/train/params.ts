import { integer, optional, text } from '../../../nn/schema/index.js';
import { formatInk, parseInk, type Stroke } from '../../shared/ink.js';
import { app } from '../../state/app.js';
import { viewParams } from '../../state/params.js';
import { axisOf, formatCode, nameOf, parseCode } from './code.js';
import { EXAMPLE_INK } from './example.js';

const dimension = (help: string) => optional(integer({ min: 1, help }));

/** What the address keeps of this view. */
export const params = viewParams({
  x: dimension('the dimension of z across'),
  y: dimension('the dimension of z upwards'),
  z: optional(text({ need: "a code, as '0:0.5,3:-1'", help: 'the code set by hand' })),
  digit: optional(integer({ min: 0, help: 'the test image' })),
  ink: optional(text({ need: 'a drawing', help: 'the drawing' })),
  samples: integer({ min: 0, default: 0, help: 'the seed of the samples' }),
});

/** The two dimensions of z with the most KL on the test set after the last epoch, in order; before it, the first two. */
function mostActive(): readonly [number, number] {
  const nats = app.lastEpoch?.test?.klPerDimension ?? [];
  const byKl = Array.from(nats.keys()).sort((i, j) => nats[j] - nats[i]);
  const [i = 0, j = 1] = byKl.slice(0, 2).sort((a, b) => a - b);
  return [i, j];
}

/** The two dimensions of z that pictures show, counted from 0; the same twice if z has only one. */
export function chosenAxes(): readonly [number, number] {
  const { latent } = app.settings;
  const [i, j] = latent > 2 ? mostActive() : [0, 1];
  return [axisOf(params.value.x, latent, i), axisOf(params.value.y, latent, j)];
}
export const chooseAxis = (which: 'x' | 'y', axis: number): void => params.set({ [which]: axis + 1 });

/** Which dimensions pictures show, where that is a choice; null where z has no more. */
export function wordsOfAxes(): string | null {
  const { latent } = app.settings;
  if (latent < 3) return null;
  const names = [...new Set(chosenAxes())].map(nameOf).join(' and ');
  const { x, y } = params.value;
  if (x !== null || y !== null) return `${names} of ${latent} dimensions`;
  return app.lastEpoch === null
    ? `${names} of ${latent} dimensions; after the first epoch, the two most active`
    : `${names}, the two most active of ${latent} dimensions`;
}

/** The code set by hand. */
export const chosenCode = (): readonly number[] => parseCode(params.value.z, app.settings.latent);
export const chooseCode = (z: readonly number[]): void => params.set({ z: formatCode(z) });

/** The code with new values at the dimensions shown. */
export function codeAt(x: number, y: number): number[] {
  const z = [...chosenCode()];
  const [i, j] = chosenAxes();
  z[i] = x;
  if (j !== i) z[j] = y;
  return z;
}

/** The current drawing, or that of the address; null when a test image is selected. */
export const strokes = (): readonly Stroke[] | null =>
  app.drawing ?? (params.value.ink === null ? null : parseInk(params.value.ink));

/** The selected image, as the argument of a call. */
export function chosenImage(): { readonly test: number } | { readonly ink: string } {
  const drawn = strokes();
  if (drawn !== null) return { ink: formatInk(drawn) };
  const { digit } = params.value;
  return digit === null && isDrawable() ? { ink: EXAMPLE_INK } : { test: digit ?? 0 };
}

/** Whether the images have the size of a drawing. */
const isDrawable = (): boolean => app.image.rows === 28 && app.image.columns === 28;

/** Whether neither a drawing nor a test image is selected, and the field shows its example. */
export const isExample = (): boolean => 'ink' in chosenImage() && strokes() === null;

/** Puts the drawing into the address when the pen is lifted. */
export function keepDrawing(): void {
  if (app.drawing === null) return;
  params.set({ digit: null, ink: formatInk(app.drawing) });
  app.drawing = null;
}

export function chooseTestImage(digit: number | null): void {
  app.drawing = null;
  params.set({ digit, ink: null });
}
