import { fastMatmul } from '../../device/wasm/kernels/matmul/matmul.js';
import { ShapeError } from '../../tensor/errors.js';
import { matmulKernel } from '../../tensor/kernels/matmul.js';
import { broadcastShapes, formatShape, type Shape } from '../../tensor/shape.js';
import { defineOp } from '../define-op.js';
import type { OpFunction } from '../op.js';

/** Options of {@link matmul}. */
export interface MatmulOptions {
  /** Use the left operand with its last two dimensions exchanged. */
  readonly transposeA?: boolean;
  /** Use the right operand with its last two dimensions exchanged. */
  readonly transposeB?: boolean;
}

interface Layout {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

function matmulShape([a, b]: readonly Shape[], { transposeA, transposeB }: Layout, name: string): Shape {
  const product = (): string => `${formatShape(a)} · ${formatShape(b)}`;
  if (a.length < 2 || b.length < 2) {
    throw new ShapeError(
      `${name}: both operands need two dimensions or more, but got ${product()}; reshape a vector to [n, 1] or [1, n]`,
    );
  }
  const m = a[a.length - (transposeA ? 1 : 2)];
  const k = a[a.length - (transposeA ? 2 : 1)];
  const inner = b[b.length - (transposeB ? 1 : 2)];
  const n = b[b.length - (transposeB ? 2 : 1)];
  if (k !== inner) {
    const mend =
      k === (transposeB ? b[b.length - 2] : b[b.length - 1])
        ? `; pass ${transposeB ? 'transposeB: false' : 'transposeB'} to use the second as ${formatShape([k, inner])}`
        : '';
    const flags = `${transposeA ? ' with transposeA' : ''}${transposeB ? ' with transposeB' : ''}`;
    throw new ShapeError(
      `${name}: inner sizes differ: ${product()}${flags}; k is ${k} on the left and ${inner} on the right${mend}`,
    );
  }
  if (a.length === 2 && b.length === 2) return [m, n];
  return [...broadcastShapes(a.slice(0, -2), b.slice(0, -2), `${name} (batch)`), m, n];
}

/**
 * The matrix product over the last two dimensions: a [..., m, k] and b [..., k, n] give [..., m, n], where leading dimensions
 * broadcast. `transposeA` takes a as [..., k, m], `transposeB` b as [..., n, k], without copying.
 * @throws ShapeError when an operand has less than two dimensions, or sizes do not fit.
 */
export const matmul: OpFunction<2, MatmulOptions> = defineOp({
  name: 'matmul',
  doc: 'The matrix product over the last two dimensions, either operand transposed on request; leading ones broadcast.',
  arity: 2,
  options: ['transposeA', 'transposeB'],
  attributes: (given: MatmulOptions | undefined) => ({
    transposeA: given?.transposeA ?? false,
    transposeB: given?.transposeB ?? false,
  }),
  shape: matmulShape,
  forward: matmulKernel,
  kernels: { wasm: fastMatmul },
  saves: ['inputs'],
  vjp: [
    (g, { b, attributes: { transposeA, transposeB } }) =>
      transposeA
        ? matmul(b, g, { transposeA: transposeB, transposeB: true })
        : matmul(g, b, { transposeB: !transposeB }),
    (g, { a, attributes: { transposeA, transposeB } }) =>
      transposeB
        ? matmul(g, a, { transposeA: true, transposeB: transposeA })
        : matmul(a, g, { transposeA: !transposeA }),
  ],
  domain: {
    inputs: [{ range: [-2, 2] }],
    cases: [
      {
        shapes: [
          ['m', 'k'],
          ['k', 'n'],
        ],
      },
      {
        shapes: [
          ['k', 'm'],
          ['k', 'n'],
        ],
        attributes: { transposeA: true },
      },
      {
        shapes: [
          ['m', 'k'],
          ['n', 'k'],
        ],
        attributes: { transposeB: true },
      },
      {
        shapes: [
          ['k', 'm'],
          ['n', 'k'],
        ],
        attributes: { transposeA: true, transposeB: true },
      },
      {
        shapes: [
          ['b', 'm', 'k'],
          ['b', 'k', 'n'],
        ],
        label: 'batched',
      },
      {
        shapes: [
          ['b', 'k', 'm'],
          ['n', 'k'],
        ],
        attributes: { transposeA: true, transposeB: true },
        label: 'batch against one',
      },
      {
        shapes: [
          ['b', 1, 'm', 'k'],
          ['c', 'k', 'n'],
        ],
        label: 'broadcast batches',
      },
    ],
  },
});
