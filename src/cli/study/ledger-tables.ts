import type { DimensionRow, Ledger, LedgerRecord } from '../../study/index.js';
import { formatNumber } from '../../tensor/format.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Table } from './output.js';

/** What drives each latent dimension. */
export function dimensionTable(rows: readonly DimensionRow[]): Table {
  return {
    title:
      "Each latent dimension; gradients are means over examples of |dl/d...|, l an example's own loss in nats",
    columns: [
      'dimension',
      'KL',
      'sigma',
      'var(mean)',
      'signal',
      'pull',
      'dR/dz',
      'dR/dmean',
      'dK/dmean',
      'dR/dlogvar',
      'dK/dlogvar',
    ],
    rows: rows.map((row) => [
      `${row.dimension}`,
      ...[
        row.kl,
        row.sigma,
        row.variance,
        row.signal,
        row.pull,
        row.z.reconstruction,
        row.mean.reconstruction,
        row.mean.kl,
        row.logvar.reconstruction,
        row.logvar.kl,
      ].map((x) => formatNumber(x)),
    ]),
  };
}

/** The engine's gradients beside those derived by hand: sums of elements, to show the sign. */
export function formulaTable(found: Ledger): Table {
  const total = (t: Tensor, dimension: number): number =>
    Array.from(t.data).reduce((sum, x, i) => (i % found.latent === dimension ? sum + x : sum), 0);
  const rows = Array.from({ length: found.latent }, (_, dimension) =>
    (['mean', 'logvar'] as const).map((name) => [
      `${dimension}`,
      `dL/d${name}`,
      ...(['reconstruction', 'kl', 'total'] as const).flatMap((origin) => [
        formatNumber(total(found.gradients[name][origin], dimension)),
        formatNumber(total(found.hand[name][origin], dimension)),
      ]),
      formatNumber(found.difference[name][dimension]),
    ]),
  ).flat();
  return {
    title:
      'Sums over the batch by the engine and by hand; the largest difference of any element, relative to its terms',
    columns: [
      'dimension',
      'gradient',
      'recon.',
      'by hand',
      'KL',
      'by hand',
      'total',
      'by hand',
      'difference',
    ],
    rows,
    align: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right', 'right'],
  };
}

/** Rows of the history that are printed; all are in the JSON. */
const MAX_ROWS = 8;
/** Dimensions with columns in the history. */
export const MAX_DIMENSIONS = 3;

/** The history of the first dimensions. */
export function historyTable(records: readonly LedgerRecord[]): Table {
  const last = records.length - 1;
  const rows = Math.min(MAX_ROWS, records.length);
  const chosen = new Set(
    Array.from({ length: rows }, (_, k) => Math.round((k * last) / Math.max(1, rows - 1))),
  );
  const shown = records.filter((_, i) => chosen.has(i));
  const dimensions = records[0].dimensions.slice(0, MAX_DIMENSIONS);
  return {
    title: 'While it was trained: KL in nats, signal of the reconstruction against pull of the KL',
    columns: [
      'step',
      ...dimensions.flatMap(({ dimension: d }) => [`KL ${d}`, `sigma ${d}`, `signal ${d}`, `pull ${d}`]),
    ],
    rows: shown.map((record) => [
      `${record.at}`,
      ...record.dimensions
        .slice(0, MAX_DIMENSIONS)
        .flatMap(({ kl, sigma, signal, pull }) => [kl, sigma, signal, pull].map((x) => formatNumber(x))),
    ]),
  };
}
