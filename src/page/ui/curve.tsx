import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { linearTicks, logTicks } from '../../study/ticks.js';
import { formatNumber } from '../../tensor/format.js';
import { alignSeries, type CurveSeries, describeCurve, spread } from './curve-data.js';
import { useWidth } from './hooks.js';
import { type Column, Table } from './table.js';
import { colorOf, theme } from './theme.js';
import '../style/curve.css';

export interface CurveProps {
  readonly title: string;
  /** Shown beside the title, such as the unit. */
  readonly note?: string;
  readonly xLabel: string;
  readonly series: readonly CurveSeries[];
  readonly logX?: boolean;
  readonly logY?: boolean;
  /** Height of the chart in CSS pixels. */
  readonly height?: number;
}

/** Rows of the table below the chart. */
const ROWS = 12;

/** Pixels that a number takes on an axis. */
const ROOM = { x: 56, y: 22 } as const;

/** As many round numbers as there is room for, and never one alone, which would not say how far anything is. */
const splits =
  (direction: 'x' | 'y', log: boolean): uPlot.Axis.Splits =>
  ({ bbox }, _, low, high) => {
    const pixels = (direction === 'x' ? bbox.width : bbox.height) / devicePixelRatio;
    return (log ? logTicks : linearTicks)(low, high, Math.max(1, pixels / ROOM[direction]));
  };

/** A range of one value is widened: it has no ends to put ticks at. */
const wide =
  (log: boolean): uPlot.Range.Function =>
  (_, low, high) => {
    if (low !== high || low === null) return [low, high];
    return log ? [low / 2, low * 2] : [low - 1, low + 1];
  };

/** A logarithmic axis of two powers of ten or more ends at powers; a shorter one, at round numbers. */
const logRange: uPlot.Range.Function = (_, low, high) => {
  if (low === null || high === null) return [null, null];
  if (high >= 100 * low) return uPlot.rangeLog(low, high, 10, true);
  const unit = (value: number): number => 10 ** Math.floor(Math.log10(value) + 1e-9);
  const [from, to] = [Math.floor(low / unit(low)) * unit(low), Math.ceil(high / unit(high)) * unit(high)];
  return from === to ? [from / 2, to * 2] : [from, to];
};

/** Pixels from one mark to the next below which a line goes without: they would hide what is below them. */
const APART = 10;

const optionsOf = (
  { series, logX = false, logY = false, height = 180 }: CurveProps,
  width: number,
  countOf: (label: string) => number,
  onCursor: (at: number | null) => void,
): uPlot.Options => {
  const axis = (size: number, direction: 'x' | 'y', log = false): uPlot.Axis => ({
    size,
    font: '12px system-ui, sans-serif',
    gap: 4,
    stroke: () => colorOf('soft'),
    grid: { stroke: () => colorOf('line'), width: 1 },
    ticks: { show: false },
    splits: splits(direction, log),
    filter: (_, ticks) => ticks,
    values: (_, ticks) => ticks.map((tick) => formatNumber(tick)),
  });
  return {
    width,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { time: false, distr: logX ? 3 : 1, range: wide(logX) },
      y: { distr: logY ? 3 : 1, ...(logY && { range: logRange }) },
    },
    axes: [axis(24, 'x', logX), axis(48, 'y', logY)],
    series: [
      {},
      ...series.map(({ label, color = 'accent', marks = 'line', dashed }): uPlot.Series => {
        const stroke = (): string => colorOf(color);
        return {
          stroke,
          width: marks === 'points' ? 0 : 1.75,
          spanGaps: true,
          ...(dashed && { dash: [5, 4] }),
          points: {
            show: ({ bbox }) =>
              marks === 'points' ||
              (marks === 'both' && bbox.width / devicePixelRatio > APART * countOf(label)),
            size: marks === 'points' ? 9 : 6,
            stroke,
            fill: marks === 'points' ? stroke : () => colorOf('card'),
          },
        };
      }),
    ],
    hooks: { setCursor: [({ cursor }) => onCursor(cursor.idx ?? null)] },
  };
};

function Legend({ series }: { readonly series: readonly CurveSeries[] }) {
  return (
    <ul class="legend">
      {series.map(({ label, color = 'accent', marks = 'line', dashed }) => (
        <li key={label}>
          <svg width="22" height="10" aria-hidden="true" class={`stroke-${color}`}>
            {marks !== 'points' && (
              <line x1="0" y1="5" x2="22" y2="5" stroke-dasharray={dashed ? '5 4' : undefined} />
            )}
            {marks !== 'line' && <circle cx="11" cy="5" r="3.5" />}
          </svg>
          {label}
        </li>
      ))}
    </ul>
  );
}

/** Lines over one axis, with a legend, the values under the pointer, and the numbers as a table. */
export function Curve(props: CurveProps) {
  const { title, note, xLabel, series, logX = false, logY = false, height = 180 } = props;
  const root = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const pointed = useSignal<number | null>(null);
  const { x, y } = alignSeries(series, { logX, logY });
  const data: uPlot.AlignedData = [[...x], ...y.map((values) => [...values])];
  const newest = useRef({ props, data });
  newest.current = { props, data };
  // Colours are read while drawing, so a change of theme needs a new chart.
  const structure = JSON.stringify([
    theme.value,
    logX,
    logY,
    height,
    series.map(({ label, color, marks, dashed }) => [label, color, marks, dashed]),
  ]);

  useEffect(() => {
    const box = root.current;
    if (box === null) return;
    const countOf = (label: string): number =>
      newest.current.props.series.find((one) => one.label === label)?.x.length ?? 0;
    const made = new uPlot(
      optionsOf(newest.current.props, box.clientWidth, countOf, (at) => {
        pointed.value = at;
      }),
      newest.current.data,
      box,
    );
    chart.current = made;
    return () => {
      made.destroy();
      chart.current = null;
    };
  }, [structure]);
  useWidth(root, (width) => {
    if (width > 0 && width !== chart.current?.width) chart.current?.setSize({ width, height });
  });
  useEffect(() => chart.current?.setData(newest.current.data), [series, logX, logY]);

  const at = pointed.value;
  const values = (i: number): string =>
    series
      .map(({ label }, s) => `${label} ${y[s][i] === null ? 'none' : formatNumber(y[s][i] ?? 0)}`)
      .join(', ');
  return (
    <figure class="curve">
      <figcaption>
        {title} {note !== undefined && <small>{note}</small>}
      </figcaption>
      <Legend series={series} />
      <div
        ref={root}
        role="img"
        aria-label={describeCurve(title, xLabel, series)}
        style={{ height: `${height}px` }}
      />
      <p class="readout" aria-hidden="true">
        {at === null || x[at] === undefined ? xLabel : `${xLabel} ${formatNumber(x[at])}: ${values(at)}`}
      </p>
      <details>
        <summary>As numbers</summary>
        <Table
          label={`${title}, as numbers`}
          rows={spread(x.length, ROWS)}
          attributes={(i) => ({ key: i })}
          columns={[
            { title: xLabel, kind: 'head', cell: (i) => formatNumber(x[i]) },
            ...series.map(
              ({ label }, s): Column<number> => ({
                title: label,
                kind: 'number',
                cell: (i) => (y[s][i] === null ? '' : formatNumber(y[s][i] ?? 0)),
              }),
            ),
          ]}
        />
      </details>
    </figure>
  );
}
