import { computed } from '@preact/signals';
import { app, setParam } from '../../state/app.js';
import { formatCode, parseAxis, parseCode } from './code.js';

/** The parameters of this view in the address. */

/** The two dimensions of z that pictures show, counted from 0; the same twice if z has only one. */
export const axes = computed<readonly [number, number]>(() => {
  const { latent } = app.settings;
  return [parseAxis(app.params.x, latent, 0), parseAxis(app.params.y, latent, 1)];
});

export function setAxis(which: 'x' | 'y', axis: number): void {
  setParam(which, axis === (which === 'x' ? 0 : 1) ? null : String(axis + 1));
}

/** The code set by hand. */
export const code = computed<readonly number[]>(() => parseCode(app.params.z, app.settings.latent));

export const setCode = (z: readonly number[]): void => setParam('z', formatCode(z));

/** The code with new values at the dimensions shown. */
export function codeAt(x: number, y: number): number[] {
  const z = [...code.value];
  const [i, j] = axes.value;
  z[i] = x;
  if (j !== i) z[j] = y;
  return z;
}
