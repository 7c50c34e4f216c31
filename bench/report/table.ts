/**
 * A table as lines of text: the first `left` columns flush left, the others right, two spaces between them.
 * @throws RangeError when a row has not as many cells as there are heads.
 */
export function formatTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  { left = 1 }: { readonly left?: number } = {},
): string {
  const wrong = rows.find((row) => row.length !== heads.length);
  if (wrong !== undefined) {
    throw new RangeError(
      `formatTable: the row [${wrong}] has ${wrong.length} cells for ${heads.length} columns`,
    );
  }
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i < left ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd();
  return [heads, ...rows].map((row) => `  ${line(row)}`).join('\n');
}
