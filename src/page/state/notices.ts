import { signal } from '@preact/signals';

/** A message for the person. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  /** Something went wrong, or is only good to know. */
  readonly kind: 'problem' | 'note';
}

/** The newest last. */
export const notices = signal<readonly Notice[]>([]);

const MOST = 4;
let last = 0;

/** Shows a message until it is dismissed; one that stands there already is not shown twice. */
export function notify(text: string, kind: Notice['kind'] = 'problem'): void {
  const others = notices.value.filter((notice) => notice.text !== text);
  notices.value = [...others.slice(1 - MOST), { id: ++last, text, kind }];
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

/** An error's own words. */
export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
