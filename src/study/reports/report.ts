import { formatNumber } from '../../tensor/format.js';

/** One column of a table: its title, and what it shows of a row. */
export interface Column<Row> {
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly cell: (row: Row) => string;
}

/** A table as text. */
export interface Table {
  readonly title: string;
  readonly columns: readonly Pick<Column<never>, 'title' | 'align'>[];
  readonly rows: readonly (readonly string[])[];
}

/** A column of words, aligned left. */
export const words = <Row>(title: string, cell: (row: Row) => string): Column<Row> => ({
  title,
  align: 'left',
  cell,
});

/** A column of numbers, aligned right. */
export const numbers = <Row>(
  title: string,
  value: (row: Row) => number,
  format: (x: number) => string = (x) => formatNumber(x),
): Column<Row> => ({ title, align: 'right', cell: (row) => format(value(row)) });

/** The table of some rows. */
export const tableOf = <Row>(
  title: string,
  rows: readonly Row[],
  columns: readonly Column<NoInfer<Row>>[],
): Table => ({ title, columns, rows: rows.map((row) => columns.map(({ cell }) => cell(row))) });

/** A number with so many decimals. */
export const decimals =
  (count: number) =>
  (x: number): string =>
    x.toFixed(count);

/** One axis of a chart. */
export interface Axis {
  readonly label: string;
  readonly log?: boolean;
}

/** One curve. Points that an axis cannot show leave a gap. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Points without a line between them. */
  readonly dots?: boolean;
}

/** Curves over one pair of axes. */
export interface Chart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

/** A curve with a point for each item. */
export const seriesOf = <T>(
  name: string,
  items: readonly T[],
  x: (item: T) => number,
  y: (item: T) => number,
): Series => ({ name, points: items.map((item) => [x(item), y(item)]) });

/** The results of a study, for terminals, files and pages. */
export interface Report {
  /** Name of its files: 'ledger'. */
  readonly name: string;
  /** Tables and sentences, in order. */
  readonly parts: readonly (Table | string)[];
  /** By file name without extension. */
  readonly charts: Readonly<Record<string, Chart>>;
  /** All numbers: plain data. */
  readonly data: object;
  /** Whether the study found what it should. Defaults to true. */
  readonly passed?: boolean;
}
