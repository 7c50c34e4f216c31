/** A code z by hand, as the address holds it: `0:0.5,3:-1`, the dimensions that are not 0. */
export function parseCode(text: string | null, latent: number): number[] {
  const z = new Array<number>(latent).fill(0);
  for (const part of (text ?? '').split(',')) {
    const match = /^(\d+):(-?\d+(\.\d+)?)$/.exec(part);
    if (match !== null && Number(match[1]) < latent) z[Number(match[1])] = Number(match[2]);
  }
  return z;
}

/** The text that {@link parseCode} reads, rounded to hundredths; null for all zeros. */
export function formatCode(z: readonly number[]): string | null {
  const parts = z.flatMap((value, i) => {
    const rounded = Math.round(value * 100) / 100;
    return rounded === 0 ? [] : [`${i}:${rounded}`];
  });
  return parts.length === 0 ? null : parts.join(',');
}

/** A dimension of z by its number in the address, counted from 1. Defaults to `otherwise`. */
export const axisOf = (number: number | null, latent: number, otherwise: number): number =>
  number !== null && number <= latent ? number - 1 : Math.min(otherwise, latent - 1);

const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';

/** z with its number as a subscript, counted from 1. */
export const nameOf = (axis: number): string =>
  `z${[...String(axis + 1)].map((digit) => SUBSCRIPTS[Number(digit)]).join('')}`;
