import { signal } from '@preact/signals';

/** The colours of page.css that drawings use. */
export type ColorName =
  | 'card'
  | 'inset'
  | 'line'
  | 'edge'
  | 'text'
  | 'soft'
  | 'accent'
  | 'second'
  | 'idle'
  | 'good'
  | 'bad';

const dark = matchMedia('(prefers-color-scheme: dark)');
const still = matchMedia('(prefers-reduced-motion: reduce)');

/** Which of the two sets of colours holds; a drawing that reads it is drawn anew when it changes. */
export const theme = signal<'light' | 'dark'>(dark.matches ? 'dark' : 'light');
/** Whether the person asked for as little motion as can be. */
export const reducedMotion = signal(still.matches);

dark.addEventListener('change', () => {
  theme.value = dark.matches ? 'dark' : 'light';
});
still.addEventListener('change', () => {
  reducedMotion.value = still.matches;
});

/** A colour as it is now, for a canvas. */
export const colorOf = (name: ColorName): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
