import type { ComponentChildren } from 'preact';

export interface ScrollProps {
  /** Names the content for a screen reader. */
  readonly label: string;
  readonly children: ComponentChildren;
}

/** A frame that scrolls sideways, with the arrow keys too, for content wider than a phone. */
export function Scroll({ label, children }: ScrollProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a tab stop the keyboard cannot scroll it
    <section class="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
