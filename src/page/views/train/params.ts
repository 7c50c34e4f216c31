import { integer, optional, text } from '../../../nn/schema/index.js';
import { formatInk, parseInk, type Stroke } from '../../shared/ink.js';
import { app } from '../../state/app.js';
import { viewParams } from '../../state/params.js';
import { axisOf, formatCode, parseCode } from './code.js';

const dimension = (help: string) => optional(integer({ min: 1, help }));

/** What the address keeps of this view. */
export const params = viewParams({
  x: dimension('the dimension of z across'),
  y: dimension('the dimension of z upwards'),
  z: optional(text({ need: "a code, as '0:0.5,3:-1'", help: 'the code set by hand' })),
  digit: integer({ min: 0, default: 0, help: 'the test image' }),
  ink: optional(text({ need: 'a drawing', help: 'the drawing' })),
  samples: integer({ min: 0, default: 0, help: 'the seed of the samples' }),
});

/** The two dimensions of z that pictures show, counted from 0; the same twice if z has only one. */
export function chosenAxes(): readonly [number, number] {
  const { latent } = app.settings;
  return [axisOf(params.value.x, latent, 0), axisOf(params.value.y, latent, 1)];
}
export const chooseAxis = (which: 'x' | 'y', axis: number): void =>
  params.set({ [which]: axis === (which === 'x' ? 0 : 1) ? null : axis + 1 });

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
  return drawn === null ? { test: params.value.digit } : { ink: formatInk(drawn) };
}

/** Puts the drawing into the address when the pen is lifted. */
export function keepDrawing(): void {
  if (app.drawing === null) return;
  params.set({ digit: 0, ink: formatInk(app.drawing) });
  app.drawing = null;
}

export function chooseTestImage(digit: number): void {
  app.drawing = null;
  params.set({ digit, ink: null });
}
