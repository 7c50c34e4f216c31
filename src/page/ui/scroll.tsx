import type { ComponentChildren } from 'preact';

export interface ScrollProps {
  /** What is inside, for those who do not see it. */
  readonly label: string;
  readonly children: ComponentChildren;
}

/** A frame for what may be wider than a phone: it scrolls by itself, with the arrow keys too. */
export function Scroll({ label, children }: ScrollProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a tab stop the keyboard cannot scroll it
    <section class="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
