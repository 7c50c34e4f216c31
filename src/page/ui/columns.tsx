import type { ComponentChildren } from 'preact';

/** The head of a table: titles of text columns, then of columns of numbers, then further cells. */
export function Columns(props: {
  readonly text: readonly string[];
  readonly numbers: readonly string[];
  readonly children?: ComponentChildren;
}) {
  return (
    <thead>
      <tr>
        {props.text.map((title) => (
          <th scope="col" key={title}>
            {title}
          </th>
        ))}
        {props.numbers.map((title) => (
          <th scope="col" class="number" key={title}>
            {title}
          </th>
        ))}
        {props.children}
      </tr>
    </thead>
  );
}
