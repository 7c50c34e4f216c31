/** On which ground colours stand. */
export type Theme = 'light' | 'dark';

/**
 * Ten colours for each theme, in the same order of hue. Found by maximizing the smallest distance (in OKLab) of any two,
 * as seen with normal colour vision and as simulated for protanopia, deuteranopia and tritanopia
 * (Machado, Oliveira & Fernandes, "A physiologically-based model for simulation of color vision deficiency", 2009).
 */
export const palettes: Readonly<Record<Theme, readonly string[]>> = {
  light: [
    '#99565f',
    '#f3a51d',
    '#4e4301',
    '#968603',
    '#31d5a1',
    '#3397b9',
    '#1c36ad',
    '#b0acfe',
    '#7560e1',
    '#720463',
  ],
  dark: [
    '#fc6b7a',
    '#fae81d',
    '#927003',
    '#fda412',
    '#86fed7',
    '#20b1b2',
    '#675ede',
    '#b77efd',
    '#b3c5ff',
    '#bc3b86',
  ],
};

/** A golden turn of hue between neighbours, for more classes than the palette has. */
const TURN = 137.508;

function fromHue(hue: number, lightness: number): string {
  const channel = (n: number): string => {
    const k = (n + hue / 30) % 12;
    const spread = 0.62 * Math.min(lightness, 1 - lightness);
    const value = Math.round(255 * (lightness - spread * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
    return value.toString(16).padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

/**
 * A colour for each of `count` classes, as #rrggbb. Up to ten are safe for colour-blind eyes; more are told apart by their
 * labels.
 */
export function classHex(count: number, theme: Theme = 'light'): string[] {
  if (count <= palettes[theme].length) return palettes[theme].slice(0, count);
  const base = theme === 'light' ? 0.42 : 0.62;
  return Array.from({ length: count }, (_, i) => fromHue((i * TURN) % 360, base + 0.12 * (i % 3)));
}
