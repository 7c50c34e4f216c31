import type { ComponentChildren } from 'preact';

/** A column of a table over rows of type R. */
export interface Column<R> {
  readonly title: ComponentChildren;
  /** 'head' names the row, 'number' is set to the right. Defaults to text. */
  readonly kind?: 'head' | 'number' | 'text';
  readonly class?: (row: R) => string;
  cell(row: R): ComponentChildren;
}

export interface TableProps<R> {
  /** Names the table for a screen reader; with it, a table wider than a phone scrolls. */
  readonly label?: string;
  readonly caption?: ComponentChildren;
  readonly class?: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  /** Of each row, with further attributes. */
  readonly attributes: (row: R) => { readonly key: string | number; readonly [name: string]: unknown };
}

/** Rows of facts, one column each. */
export function Table<R>({ label, caption, columns, rows, attributes, ...props }: TableProps<R>) {
  const classOf = ({ kind }: Column<R>): string | undefined => (kind === 'number' ? 'number' : undefined);
  const table = (
    <table class={props.class}>
      {caption !== undefined && <caption>{caption}</caption>}
      <thead>
        <tr>
          {columns.map((column, i) => (
            <th scope="col" key={i} class={classOf(column)}>
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const { key, ...others } = attributes(row);
          return (
            <tr key={key} {...others}>
              {columns.map((column, i) =>
                column.kind === 'head' ? (
                  <th scope="row" key={i} class={column.class?.(row)}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={i} class={column.class?.(row) ?? classOf(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
  if (label === undefined) return table;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a tab stop the keyboard cannot scroll it
    <section class="scroll" aria-label={label} tabIndex={0}>
      {table}
    </section>
  );
}
