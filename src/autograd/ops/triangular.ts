import { ShapeError } from '../../tensor/errors.js';
import { formatShape, type Shape, sizeOf } from '../../tensor/shape.js';
import { Tensor } from '../../tensor/tensor.js';
import { defineOp } from '../define-op.js';
import type { OpFunction } from '../op.js';
import { mul, neg } from './arithmetic.js';
import { sum } from './reduce.js';
import { where } from './select.js';
import { reshape } from './shape.js';

/** Options of {@link solveTriangular}. */
export interface SolveTriangularOptions {
  /** Solve with the transpose of the matrix. Defaults to false. */
  readonly transpose?: boolean;
}

/** 1 on the diagonal and below it, [n, n]. */
function lowerOf(n: number, dtype: Tensor['dtype']): Tensor {
  const mask = Tensor.empty([n, n], dtype);
  for (let i = 0; i < n; i++) mask.data.fill(1, i * n, i * n + i + 1);
  return mask;
}

/** Forward substitution, or backward with the transpose. Every number that is stored is rounded. */
function substitute(
  out: Tensor,
  [l, b]: readonly Tensor[],
  { transpose }: Required<SolveTriangularOptions>,
): void {
  const n = b.shape[b.rank - 1];
  const matrix = l.data;
  const x = out.data;
  x.set(b.data);
  for (let row = 0; row < x.length; row += n) {
    const at = (row * n) % matrix.length;
    for (let k = 0; k < n; k++) {
      const i = transpose ? n - 1 - k : k;
      for (let m = 0; m < k; m++) {
        const j = transpose ? n - 1 - m : m;
        x[row + i] -= matrix[at + (transpose ? j * n + i : i * n + j)] * x[row + j];
      }
      x[row + i] /= matrix[at + i * n + i];
    }
  }
}

/**
 * x with L x = b, where L is lower triangular: what is above its diagonal is not read.
 * @param l [..., n, n]
 * @param b [..., n], with the leading dimensions of l, and others before them if wanted
 * @returns the shape of b
 * @throws ShapeError when the shapes do not fit.
 */
export const solveTriangular: OpFunction<2, SolveTriangularOptions> = defineOp({
  name: 'solveTriangular',
  doc: 'x with L x = b, where L is lower triangular (with its transpose if asked for).',
  arity: 2,
  options: ['transpose'],
  attributes: (given: SolveTriangularOptions | undefined): Required<SolveTriangularOptions> => ({
    transpose: given?.transpose ?? false,
  }),
  shape: ([l, b], _, name): Shape => {
    const n = l[l.length - 1];
    const leading = b.slice(b.length - l.length + 1);
    const fits = l.length >= 2 && b.length >= l.length - 1 && l[l.length - 2] === n;
    if (fits && formatShape(leading) === formatShape([...l.slice(0, -2), n])) return b;
    throw new ShapeError(
      `${name}: L ${formatShape(l)} and b ${formatShape(b)} must be [..., n, n] and [..., n], with the same leading dimensions`,
    );
  },
  forward: substitute,
  saves: ['inputs', 'output'],
  vjp: [
    (g, { a: l, y, attributes: { transpose } }) => {
      const u = solveTriangular(l, g, { transpose: !transpose });
      const [rows, columns] = transpose ? [y, u] : [u, y];
      const n = y.shape[y.rank - 1];
      const more = sizeOf(y.shape.slice(0, y.rank - l.rank + 1));
      const outer = mul(
        reshape(rows, { shape: [more, ...l.shape.slice(0, -1), 1] }),
        reshape(columns, { shape: [more, ...l.shape.slice(0, -2), 1, n] }),
      );
      return where(lowerOf(n, g.dtype), neg(sum(outer, { axes: 0 })), 0);
    },
    (g, { a: l, attributes: { transpose } }) => solveTriangular(l, g, { transpose: !transpose }),
  ],
  domain: {
    // Far from 0, so that no solution is large.
    inputs: [{ range: [0.5, 1.5] }, { range: [-2, 2] }],
    cases: [
      { shapes: [['n', 'n'], ['n']] },
      {
        shapes: [
          ['m', 'n', 'n'],
          ['m', 'n'],
        ],
      },
      {
        shapes: [
          ['n', 'n'],
          ['m', 'n'],
        ],
        attributes: { transpose: true },
      },
    ],
  },
});
