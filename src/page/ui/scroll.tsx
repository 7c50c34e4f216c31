import type { ComponentChildren } from 'preact';

/** What may be wider than a phone scrolls in a frame of its own, with the keyboard too. */
export function Scroll({ label, children }: {
  /** What is in it, for those who come to it with the keyboard. */
  readonly label: string;
  readonly children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard cannot scroll it
    <section class="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
