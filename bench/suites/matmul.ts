import { nameOf, type Product } from '../measure/matmul.js';
import { formatComparison, limitLine, rateColumns } from '../report/comparison.js';
import type { Suite } from '../suite.js';
import { limitJob, oursByThreads, peerJobs } from './common.js';

const square = (size: number): Product => ({ m: size, k: size, n: size, transposeA: false });

/** A layer's forward pass, a weight's gradient, squares. */
const PRODUCTS: readonly Product[] = [
  { m: 128, k: 784, n: 512, transposeA: false },
  { m: 512, k: 128, n: 784, transposeA: true },
  ...[64, 128, 256, 512, 1024, 2048].map(square),
];

const flopOf = new Map(PRODUCTS.map((product) => [nameOf(product), 2 * product.m * product.k * product.n]));

export const matmul: Suite = {
  name: 'matmul',
  doc: 'dense products [m, k] x [k, n] in float32; 512x128x784 is a weight gradient, its left operand transposed',
  jobs(context) {
    const products = context.quick ? [...PRODUCTS.slice(0, 2), square(256)] : PRODUCTS;
    const settings = { products, seconds: context.quick ? 0.2 : 0.5 };
    return [
      limitJob(context, context.quick ? 0.2 : 0.5),
      ...oursByThreads(context, 'matmul', settings),
      ...peerJobs(context, 'matmul', () => settings),
    ];
  },
  report(results) {
    const columns = rateColumns(results, ({ row }) => flopOf.get(row) ?? Number.NaN);
    return `${limitLine(results)}\n${formatComparison(results, columns)}`;
  },
};
