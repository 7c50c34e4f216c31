/** Columns under their titles, as wide as their widest cell; numbers to the right. */
export function formatTable(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly ('left' | 'right')[],
): string {
  const widthOf = (k: number): number => Math.max(titles[k].length, ...rows.map((row) => row[k].length));
  const columns = titles.map((_, k) => widthOf(k));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, k) => (align[k] === 'right' ? cell.padStart(columns[k]) : cell.padEnd(columns[k])))
      .join('  ')
      .trimEnd();
  return [line(titles), line(columns.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
