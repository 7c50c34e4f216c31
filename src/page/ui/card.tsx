import type { ComponentChildren, RefObject } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { useVisible } from './hooks.js';

/** What went wrong, if something did. */
export function Problem({
  text,
  children,
}: {
  readonly text: string | null;
  readonly children?: ComponentChildren;
}) {
  return text === null ? null : (
    <p class="notice problem" role="alert">
      <span>{text}</span>
      {children}
    </p>
  );
}

/** All that went wrong. */
export const Problems = ({ texts }: { readonly texts: readonly (string | null)[] }) => (
  <>
    {texts.map((text) => (
      <Problem key={text} text={text} />
    ))}
  </>
);

export interface CardProps {
  readonly title: ComponentChildren;
  readonly class?: string;
  /** Beside the title. */
  readonly actions?: ComponentChildren;
  readonly problem?: string | null;
  /** Below the content, in small print. */
  readonly note?: ComponentChildren;
  readonly root?: RefObject<HTMLElement | null>;
  readonly children?: ComponentChildren;
}

/** A part of a view: a heading, what went wrong if something did, the content, and what it means. */
export function Card({ title, actions, problem = null, note, root, children, ...props }: CardProps) {
  const id = useId();
  const heading = <h3 id={id}>{title}</h3>;
  return (
    <section
      {...(root && { ref: root })}
      class={['card', props.class].filter(Boolean).join(' ')}
      aria-labelledby={id}
    >
      {actions ? (
        <div class="row spread">
          {heading}
          {actions}
        </div>
      ) : (
        heading
      )}
      <Problem text={problem} />
      {children}
      {note !== undefined && <p class="small soft">{note}</p>}
    </section>
  );
}

/** A card's element, and whether it is in sight: what is not need not be computed. */
export function useCard(): { readonly root: RefObject<HTMLElement | null>; readonly visible: boolean } {
  const root = useRef<HTMLElement>(null);
  return { root, visible: useVisible(root) };
}
