import { type Color, color } from './canvas.js';

export type Theme = 'light' | 'dark';

/** Colours of a chart apart from its classes. */
export const themes: Readonly<Record<Theme, { background: string; faint: string; text: string }>> = {
  light: { background: '#ffffff', faint: '#dfe2e8', text: '#3a3f4a' },
  dark: { background: '#16181d', faint: '#31353e', text: '#c9ced8' },
};

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

function fromHue(hue: number, lightness: number): Color {
  const channel = (n: number): number => {
    const k = (n + hue / 30) % 12;
    const spread = 0.62 * Math.min(lightness, 1 - lightness);
    return Math.round(255 * (lightness - spread * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

/** A colour for each of `count` classes. Up to ten are safe for colour-blind eyes; more are told apart by their labels. */
export function classColors(count: number, theme: Theme = 'light'): Color[] {
  if (count <= palettes[theme].length) return palettes[theme].slice(0, count).map(color);
  const base = theme === 'light' ? 0.42 : 0.62;
  return Array.from({ length: count }, (_, i) => fromHue((i * TURN) % 360, base + 0.12 * (i % 3)));
}
