import { gradcheck } from '../../../src/check.js';
import {
  abs,
  createOp,
  div,
  exp,
  log,
  matmul,
  mul,
  relu,
  reshape,
  sigmoid,
  sin,
  sqrt,
  square,
  sum,
  type Tensor,
  tanh,
  tensor,
} from '../../../src/index.js';

/** What is done to numbers of any size. */
export const anySize = ['square', 'sqrt', 'log', 'reciprocal', 'abs'] as const;
/** What is done to numbers near 1. */
export const nearOne = ['square', 'sin', 'tanh', 'sigmoid', 'exp', 'relu'] as const;
/** How an output ends. */
export const ends = ['elements', 'sum', 'product', 'matmul'] as const;

export type Step = (typeof anySize)[number] | (typeof nearOne)[number];

/** One output: factor * end(steps(x)). */
export interface RandomOutput {
  /** Whether x is divided by its power of ten first. */
  readonly normalized: boolean;
  readonly steps: readonly Step[];
  readonly end: (typeof ends)[number];
  readonly factor: number;
}

/** A function as data, at a point; `wrong` names the output with a wrong rule, -1 for a wrong rule at the input. */
export interface RandomFunction {
  readonly mantissas: readonly number[];
  readonly exponents: readonly number[];
  readonly outputs: readonly RandomOutput[];
  readonly wrong: number;
  readonly by: number;
}

/** The point of a function. */
export const pointOf = ({ mantissas, exponents }: RandomFunction): Tensor =>
  tensor(
    mantissas.map((m, i) => m * Number(`1e${exponents[i]}`)),
    { dtype: 'float64' },
  );

/** x, with a gradient that is wrong by a factor. */
const identity = (by: number) =>
  createOp<1>({
    name: 'identity',
    doc: 'x.',
    arity: 1,
    shape: ([x]) => x,
    forward: (out, [x]) => out.data.set(x.data),
    saves: [],
    vjp: [(g) => mul(g, by)],
    domain: { inputs: [{ range: [-1, 1] }], cases: [{ shapes: 'any' }] },
  });

const steps: Readonly<Record<Step, (x: Tensor) => Tensor>> = {
  square,
  sqrt: (x) => sqrt(abs(x)),
  log: (x) => log(abs(x)),
  reciprocal: (x) => div(1, x),
  abs,
  relu,
  sin,
  tanh,
  sigmoid,
  exp,
};

/** The outputs of the function; `by` 1 makes all rules right. */
export function outputsOf(of: RandomFunction, by = of.by): (x: Tensor) => Tensor[] {
  const wrong = identity(by);
  const n = of.mantissas.length;
  const unit = tensor(
    of.exponents.map((e) => Number(`1e${-e}`)),
    { dtype: 'float64' },
  );
  const mixing = tensor(
    Array.from({ length: n * n }, (_, i) => (i % 3) - 0.75),
    { shape: [n, n], dtype: 'float64' },
  );
  return (given) => {
    const x = of.wrong < 0 ? wrong(given) : given;
    return of.outputs.map(({ normalized, steps: list, end, factor }, k) => {
      const h = list.reduce<Tensor>((t, step) => steps[step](t), normalized ? mul(x, unit) : x);
      const y =
        end === 'sum'
          ? sum(h)
          : end === 'product'
            ? mul(h, sin(mul(x, unit)))
            : end === 'matmul'
              ? matmul(reshape(h, { shape: [1, n] }), mixing)
              : h;
      const scaled = mul(y, factor);
      return k === of.wrong ? wrong(scaled) : scaled;
    });
  };
}

/** Whether all derivatives of what has the wrong rule are 0, so that a factor changes nothing. */
export function isFlat(of: RandomFunction): boolean {
  const output = Math.max(0, of.wrong);
  const alone = gradcheck((x) => outputsOf(of, 1)(x)[output], [pointOf(of)]);
  return alone.checks.every(({ analytic }) => analytic === 0);
}
