import { classHex, type Theme } from '../../data/class-colors.js';
import { type Color, color } from './canvas.js';

/** Colours of a chart other than those of its classes. */
export const themes: Readonly<Record<Theme, { background: string; faint: string; text: string }>> = {
  light: { background: '#ffffff', faint: '#dfe2e8', text: '#3a3f4a' },
  dark: { background: '#16181d', faint: '#31353e', text: '#c9ced8' },
};

/** A colour for each of `count` classes; see `classHex`. */
export const classColors = (count: number, theme: Theme = 'light'): Color[] =>
  classHex(count, theme).map(color);
