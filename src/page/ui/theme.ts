import { computed, effect, signal } from '@preact/signals';
import { slow } from '../state/frames.js';

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

/** Which colours the person wants: of the system unless they say. */
export const THEMES = ['automatic', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEMES)[number];

const KEY = 'pathwise-theme';

function storedChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(KEY);
    return THEMES.find((name) => name === stored) ?? 'automatic';
  } catch {
    // A browser may refuse to store anything.
    return 'automatic';
  }
}

export const themeChoice = signal(storedChoice());
const systemTheme = signal<'light' | 'dark'>(dark.matches ? 'dark' : 'light');

/** The active set of colours; a drawing that reads it is redrawn when it changes. */
export const theme = computed(() =>
  themeChoice.value === 'automatic' ? systemTheme.value : themeChoice.value,
);
const prefersStill = signal(still.matches);
/** Whether nothing is to move by itself: the person prefers that, or frames take too long. */
export const reducedMotion = computed(() => prefersStill.value || slow.value);

// The style sheet has a set of colours for each; set before drawings read them.
effect(() => {
  document.documentElement.dataset.theme = theme.value;
});
dark.addEventListener('change', () => {
  systemTheme.value = dark.matches ? 'dark' : 'light';
});
// What is chosen in one window holds in the others, and in a frame beside a text.
addEventListener('storage', ({ key }) => {
  if (key === KEY) themeChoice.value = storedChoice();
});
still.addEventListener('change', () => {
  prefersStill.value = still.matches;
});

export function chooseTheme(choice: ThemeChoice): void {
  themeChoice.value = choice;
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // It holds until the page is left.
  }
}

/** The current value of a colour, for a canvas. */
export const colorOf = (name: ColorName): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
