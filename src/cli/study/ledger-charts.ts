import type { DimensionRow, LedgerRecord } from '../../study/index.js';
import type { Chart, Series } from './chart.js';

/** Maximum number of curves in a chart. */
const MAX_CURVES = 6;
/** Maximum number of dimensions with a chart of their own. */
const MAX_CHARTS = 4;

const curve = (
  records: readonly LedgerRecord[],
  name: string,
  of: (row: DimensionRow) => number,
  dimension: number,
): Series => ({ name, points: records.map(({ at, dimensions }) => [at, of(dimensions[dimension])]) });

/** The dimensions with the largest final KL, in order. */
function liveliest({ dimensions }: LedgerRecord, count: number): number[] {
  return [...dimensions]
    .sort((a, b) => b.kl - a.kl)
    .slice(0, count)
    .map(({ dimension }) => dimension)
    .sort((a, b) => a - b);
}

const steps = { label: 'gradient steps' };

function historyCharts(records: readonly LedgerRecord[]): Record<string, Chart> {
  const last = records[records.length - 1];
  const charts: Record<string, Chart> = {
    kl: {
      title: 'KL of each latent dimension',
      x: steps,
      y: { label: 'nats per example' },
      series: liveliest(last, MAX_CURVES).map((d) => curve(records, `dimension ${d}`, ({ kl }) => kl, d)),
    },
  };
  for (const d of liveliest(last, MAX_CHARTS)) {
    charts[`dimension-${d}`] = {
      title: `Dimension ${d}: what drives its means apart, and what draws them together`,
      x: steps,
      y: { label: 'nats per example' },
      series: [
        curve(records, 'signal (reconstruction)', ({ signal }) => signal, d),
        curve(records, 'pull (KL)', ({ pull }) => pull, d),
      ],
    };
    charts[`gradients-${d}`] = {
      title: `Dimension ${d}: mean size of the gradients, by origin`,
      x: steps,
      y: { label: 'nats per example', log: true },
      series: [
        curve(records, 'mean, reconstruction', ({ mean }) => mean.reconstruction, d),
        curve(records, 'mean, KL', ({ mean }) => mean.kl, d),
        curve(records, 'logvar, reconstruction', ({ logvar }) => logvar.reconstruction, d),
        curve(records, 'logvar, KL', ({ logvar }) => logvar.kl, d),
      ],
    };
  }
  return charts;
}

/** Charts by file name: of the training if it was recorded, and of its final state. */
export function ledgerCharts(
  records: readonly LedgerRecord[],
  rows: readonly DimensionRow[],
): Record<string, Chart> {
  const dots = (name: string, of: (row: DimensionRow) => number): Series => ({
    name,
    points: rows.map((row) => [row.dimension, of(row)]),
    dots: true,
  });
  return {
    ...(records.length === 0 ? {} : historyCharts(records)),
    dimensions: {
      title: 'Signal of the reconstruction and pull of the KL, by dimension',
      x: { label: 'latent dimension' },
      y: { label: 'nats per example', log: true },
      series: [
        dots('signal (reconstruction)', ({ signal }) => signal),
        dots('pull (KL)', ({ pull }) => pull),
      ],
    },
  };
}
