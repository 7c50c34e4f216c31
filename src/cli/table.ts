import { type Column, type Table, tableOf } from '../study/reports/report.js';

/** Columns under their titles, as wide as their widest cell; numbers to the right. */
export function formatTable({ columns, rows }: Pick<Table, 'columns' | 'rows'>): string {
  const widths = columns.map(({ title }, k) => Math.max(title.length, ...rows.map((row) => row[k].length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, k) => (columns[k].align === 'right' ? cell.padStart(widths[k]) : cell.padEnd(widths[k])))
      .join('  ')
      .trimEnd();
  const titles = columns.map(({ title }) => title);
  return [line(titles), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** The same of some rows, without a title. */
export const formatRows = <Row>(rows: readonly Row[], columns: readonly Column<NoInfer<Row>>[]): string =>
  formatTable(tableOf('', rows, columns));
