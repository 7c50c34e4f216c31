import { MAX_PARTS } from '../../../../tensor/memory/control.js';
import { NANOSECONDS } from '../../costs.js';
import type { Runtime } from '../../runtime.js';
import { FLOAT } from '../../sizes.js';
import { LARGEST_FLOAT32, runWithin } from '../within.js';
import { exactly, fused } from './epilogue.js';
import { gatherNonZeros } from './non-zeros.js';
import { type Product, pack, panelBytes, panelShape, type Strided } from './pack.js';
import { SPARSE_COLUMNS, SPARSE_SPARE, sparseCode, sparseTransposedCode } from './sparse-code.js';

const PANEL = panelShape(SPARSE_COLUMNS, SPARSE_COLUMNS);

const codes = {
  exact: { straight: sparseCode(exactly), transposed: sparseTransposedCode(exactly) },
  fast: { straight: sparseCode(fused), transposed: sparseTransposedCode(fused) },
};

/** Which operand is mostly zeros, while the other is finite: 0 times infinity is NaN, and must not be left out. */
export type Sparse = { readonly operand: 'a' | 'b'; readonly zeros: number };

/** A sample: RUNS evenly spaced runs of RUN elements. */
const RUNS = 16;
const RUN = 32;

/** The share of zeros of either sign in a sample of `count` numbers; in all of them where they are few. It touches little memory. */
function sampleZeros(runtime: Runtime, address: number, count: number): number {
  const { f32 } = runtime.memory;
  const length = Math.min(RUN, count);
  let zeros = 0;
  for (let i = 0; i < RUNS; i++) {
    const start = address / FLOAT + Math.floor(((count - length) * i) / (RUNS - 1));
    for (let j = start; j < start + length; j++) if (f32[j] === 0) zeros++;
  }
  return zeros / (RUNS * length);
}

const onlyFinite = (runtime: Runtime, address: number, count: number): boolean =>
  runtime.scoped(() =>
    runWithin(runtime, [runtime.memory.floats(address, count)], -LARGEST_FLOAT32, LARGEST_FLOAT32),
  );

/** Looks for zeros worth leaving out: a share of about `worth` or more; null where there are too few. */
export function findSparse(
  runtime: Runtime,
  { m, k, n, a, b, bias, relu }: Product,
  worth: number,
): Sparse | null {
  const left = sampleZeros(runtime, a.address, m * k);
  // What is stored transposed takes no bias or activation.
  const right = bias === 0 && !relu ? sampleZeros(runtime, b.address, k * n) : 0;
  const choices: readonly Sparse[] = [
    { operand: 'a', zeros: left },
    { operand: 'b', zeros: right },
  ];
  for (const choice of left >= right ? choices : choices.toReversed()) {
    if (choice.zeros < worth) return null;
    const [partner, count] = choice.operand === 'a' ? [b, k * n] : [a, m * k];
    if (onlyFinite(runtime, partner.address, count)) return choice;
  }
  return null;
}

/**
 * Computes a product leaving out the factors of one operand that are zero. No bit changes: sums start from +0, and a
 * sum that is not -0 stays what it is when a zero is added. A sparse right operand is the left one of the transposed product.
 */
export function multiplySparse(
  runtime: Runtime,
  product: Product,
  { operand, zeros }: Sparse,
  fastMath: boolean,
): void {
  const { k, c, cStep, bias } = product;
  const straight = operand === 'a';
  const [sparse, dense]: readonly Strided[] = straight ? [product.a, product.b] : [product.b, product.a];
  const [rows, columns] = straight ? [product.m, product.n] : [product.n, product.m];
  const code = codes[fastMath ? 'fast' : 'exact'][straight ? 'straight' : 'transposed'];
  const [rowStep, columnStep] = straight ? [cStep, FLOAT] : [FLOAT, cStep];
  const bytes = panelBytes(PANEL, k);
  const count = Math.ceil(columns / SPARSE_COLUMNS);
  const panels = runtime.reserve((count * bytes) / FLOAT);
  const spares = runtime.reserve((MAX_PARTS * SPARSE_SPARE) / FLOAT);
  pack(runtime, dense, PANEL, { p: 0, k, count: columns, to: panels });
  const { lists, listStep, ends } = gatherNonZeros(runtime, sparse, {
    rows,
    k,
    partner: SPARSE_COLUMNS * FLOAT,
  });
  const cost = rows * k * columns * (1 - zeros) * NANOSECONDS.multiplySparse;
  const byColumns = count >= 2 * runtime.threads;
  const [by, grain] = byColumns ? (['columns', SPARSE_COLUMNS] as const) : (['rows', 16] as const);
  let parts = 0;
  runtime.splitGrid(code, [rows, columns], by, grain, cost, (kernel, row, rowEnd, column, columnEnd) =>
    kernel(
      lists + row * listStep,
      listStep,
      ends + row * FLOAT,
      panels + (column / SPARSE_COLUMNS) * bytes,
      bytes,
      c + row * rowStep + column * columnStep,
      cStep,
      rowEnd - row,
      columnEnd - column,
      spares + parts++ * SPARSE_SPARE,
      bias === 0 ? 0 : bias + column * FLOAT,
      product.relu ? 1 : 0,
    ),
  );
}
