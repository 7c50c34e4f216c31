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

/** The active set of colours; a drawing that reads it is redrawn when it changes. */
export const theme = signal<'light' | 'dark'>(dark.matches ? 'dark' : 'light');
/** Whether the person prefers reduced motion. */
export const reducedMotion = signal(still.matches);

dark.addEventListener('change', () => {
  theme.value = dark.matches ? 'dark' : 'light';
});
still.addEventListener('change', () => {
  reducedMotion.value = still.matches;
});

/** The current value of a colour, for a canvas. */
export const colorOf = (name: ColorName): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
