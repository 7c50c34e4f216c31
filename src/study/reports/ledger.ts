import type { Tensor } from '../../tensor/tensor.js';
import { ORIGINS } from '../by-origin.js';
import { type DimensionRow, dimensionRows } from '../ledger/dimensions.js';
import type { Entry, Ledger } from '../ledger/ledger.js';
import type { LedgerRecord } from '../ledger/recorder.js';
import {
  type Chart,
  numbers,
  type Report,
  type Series,
  seriesOf,
  type Table,
  tableOf,
  words,
} from './report.js';

/** A ledger with what belongs to it. */
export interface LedgerStudy {
  /** The origin of the model. */
  readonly title: string;
  readonly ledger: Ledger;
  readonly freeBits: number;
  /** The training so far; empty if it was not recorded. */
  readonly records: readonly LedgerRecord[];
}

const dimension = words<{ readonly dimension: number }>('dimension', (row) => `${row.dimension}`);

/** What drives each latent dimension. */
const dimensionTable = (rows: readonly DimensionRow[]): Table =>
  tableOf(
    "Each latent dimension; gradients are means over examples of |dl/d...|, l an example's own loss in nats",
    rows,
    [
      dimension,
      numbers('KL', ({ kl }) => kl),
      numbers('sigma', ({ sigma }) => sigma),
      numbers('var(mean)', ({ variance }) => variance),
      numbers('signal', ({ signal }) => signal),
      numbers('pull', ({ pull }) => pull),
      numbers('dR/dz', ({ z }) => z.reconstruction),
      numbers('dR/dmean', ({ mean }) => mean.reconstruction),
      numbers('dKL/dmean', ({ mean }) => mean.kl),
      numbers('dR/dlogvar', ({ logvar }) => logvar.reconstruction),
      numbers('dKL/dlogvar', ({ logvar }) => logvar.kl),
    ],
  );

/** The engine's gradients beside those derived by hand: sums of elements, to show the sign. */
function formulaTable({ latent, gradients, hand, difference }: Ledger): Table {
  const rows = Array.from({ length: latent }, (_, d) =>
    (['mean', 'logvar'] as const).map((name) => ({ dimension: d, name })),
  ).flat();
  type Row = (typeof rows)[number];
  const total = (t: Tensor, d: number): number =>
    Array.from(t.data).reduce((sum, x, i) => (i % latent === d ? sum + x : sum), 0);
  const titles = { reconstruction: 'recon.', kl: 'KL', total: 'total' };
  return tableOf(
    'Sums over the batch by the engine and by hand; the largest difference of any element, relative to its terms',
    rows,
    [
      dimension,
      words('gradient', ({ name }) => `dL/d${name}`),
      ...(['reconstruction', 'kl', 'total'] as const).flatMap((origin) => [
        numbers<Row>(titles[origin], (row) => total(gradients[row.name][origin], row.dimension)),
        numbers<Row>('by hand', (row) => total(hand[row.name][origin], row.dimension)),
      ]),
      numbers('difference', (row) => difference[row.name][row.dimension]),
    ],
  );
}

/** Rows of the history that are shown; all are in the numbers. */
const MAX_ROWS = 8;
/** Dimensions with columns in the history. */
const MAX_DIMENSIONS = 3;

/** The history of the first dimensions. */
function historyTable(records: readonly LedgerRecord[]): Table {
  const last = records.length - 1;
  const rows = Math.min(MAX_ROWS, records.length);
  const chosen = new Set(
    Array.from({ length: rows }, (_, k) => Math.round((k * last) / Math.max(1, rows - 1))),
  );
  const columns = records[0].dimensions
    .slice(0, MAX_DIMENSIONS)
    .flatMap(({ dimension: d }, k) =>
      (['kl', 'sigma', 'signal', 'pull'] as const).map((name) =>
        numbers<LedgerRecord>(`${name === 'kl' ? 'KL' : name} ${d}`, ({ dimensions }) => dimensions[k][name]),
      ),
    );
  return tableOf(
    'While it was trained: KL in nats, signal of the reconstruction against pull of the KL',
    records.filter((_, i) => chosen.has(i)),
    [words('step', ({ at }) => `${at}`), ...columns],
  );
}

/** Maximum number of curves in a chart. */
const MAX_CURVES = 6;
/** Maximum number of dimensions with a chart of their own. */
const MAX_CHARTS = 4;

/** The dimensions with the largest final KL, in order. */
const liveliest = ({ dimensions }: LedgerRecord, count: number): number[] =>
  [...dimensions]
    .sort((a, b) => b.kl - a.kl)
    .slice(0, count)
    .map((row) => row.dimension)
    .sort((a, b) => a - b);

const NATS = { label: 'nats per example' };

/** The training, as far as it was recorded. */
function historyCharts(records: readonly LedgerRecord[]): Record<string, Chart> {
  const last = records[records.length - 1];
  const x = { label: 'gradient steps' };
  const curve = (name: string, d: number, of: (row: DimensionRow) => number): Series =>
    seriesOf(
      name,
      records,
      ({ at }) => at,
      ({ dimensions }) => of(dimensions[d]),
    );
  const charts: Record<string, Chart> = {
    kl: {
      title: 'KL of each latent dimension',
      x,
      y: NATS,
      series: liveliest(last, MAX_CURVES).map((d) => curve(`dimension ${d}`, d, ({ kl }) => kl)),
    },
  };
  for (const d of liveliest(last, MAX_CHARTS)) {
    charts[`dimension-${d}`] = {
      title: `Dimension ${d}: what drives its means apart, and what draws them together`,
      x,
      y: NATS,
      series: [
        curve('signal (reconstruction)', d, ({ signal }) => signal),
        curve('pull (KL)', d, ({ pull }) => pull),
      ],
    };
    charts[`gradients-${d}`] = {
      title: `Dimension ${d}: mean size of the gradients, by origin`,
      x,
      y: { ...NATS, log: true },
      series: (['mean', 'logvar'] as const).flatMap((name) => [
        curve(`${name}, reconstruction`, d, (row) => row[name].reconstruction),
        curve(`${name}, KL`, d, (row) => row[name].kl),
      ]),
    };
  }
  return charts;
}

/** The final state, by dimension. */
function dimensionChart(rows: readonly DimensionRow[]): Chart {
  const dots = (name: string, of: (row: DimensionRow) => number): Series => ({
    ...seriesOf(name, rows, (row) => row.dimension, of),
    dots: true,
  });
  return {
    title: 'Signal of the reconstruction and pull of the KL, by dimension',
    x: { label: 'latent dimension' },
    y: { ...NATS, log: true },
    series: [dots('signal (reconstruction)', ({ signal }) => signal), dots('pull (KL)', ({ pull }) => pull)],
  };
}

const byHand =
  'By hand: dL/dmean = dL/dz + beta mean / batch and dL/dlogvar = dL/dz epsilon exp(logvar / 2) / 2 + beta (exp(logvar) - 1) / 2 / batch.\n' +
  'Where the pull stays above the signal, a dimension dies: the KL draws its means together faster than the reconstruction drives them apart.';

/** A ledger as plain JSON. */
function plain({ gradients, hand, difference, mean, logvar, epsilon }: Ledger): object {
  const listed = (entry: Entry) =>
    Object.fromEntries(ORIGINS.map((origin) => [origin, [...entry[origin].data]]));
  return {
    gradients: { z: listed(gradients.z), mean: listed(gradients.mean), logvar: listed(gradients.logvar) },
    hand: { mean: listed(hand.mean), logvar: listed(hand.logvar) },
    difference,
    mean: [...mean.data],
    logvar: [...logvar.data],
    epsilon: [...epsilon.data],
  };
}

/** What reaches z, mean and logvar, and while the model was trained. */
export function ledgerReport({ title, ledger, freeBits, records }: LedgerStudy): Report {
  const rows = dimensionRows(ledger);
  const { batch, beta } = ledger;
  const weight = `beta ${beta}${freeBits > 0 ? `, free bits ${freeBits}` : ''}`;
  const recorded = records.length > 0;
  return {
    name: 'ledger',
    parts: [
      `The gradient ledger of ${title}, ${batch} test examples, ${weight}.`,
      ...(recorded ? [historyTable(records)] : []),
      dimensionTable(rows),
      formulaTable(ledger),
      byHand,
    ],
    charts: { ...(recorded ? historyCharts(records) : {}), dimensions: dimensionChart(rows) },
    data: { title, batch, beta, freeBits, dimensions: rows, records, batchLedger: plain(ledger) },
  };
}
