import { fastLinear } from '../../device/wasm/kernels/matmul/linear.js';
import { quote } from '../../tensor/describe.js';
import { ShapeError } from '../../tensor/errors.js';
import { LINEAR_ACTIVATIONS, type LinearActivation, linearKernel } from '../../tensor/kernels/linear.js';
import { formatShape, type Shape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { defineOp } from '../define-op.js';
import type { OpFunction, Saved } from '../op.js';
import { relu } from './activations.js';
import { add } from './arithmetic.js';
import { matmul } from './matmul.js';
import { reshape } from './shape.js';

/** Options of {@link linear}. */
export interface LinearOptions {
  /** Applied to each element of the result. Defaults to 'none'. */
  readonly activation?: LinearActivation;
}

interface Attributes {
  readonly activation: LinearActivation;
}

function linearShape([x, weight, bias]: readonly Shape[], _: Attributes, name: string): Shape {
  const fits =
    x.length >= 2 &&
    weight.length === 2 &&
    bias.length === 1 &&
    x[x.length - 1] === weight[1] &&
    bias[0] === weight[0];
  if (fits) return [...x.slice(0, -1), weight[0]];
  const given = `${formatShape(x)}, ${formatShape(weight)} and ${formatShape(bias)}`;
  const mend = x.length < 2 ? '; reshape one example to [1, inputs]' : '';
  throw new ShapeError(
    `${name}: takes x [..., inputs], weight [outputs, inputs] and bias [outputs], but got ${given}${mend}`,
  );
}

/** @throws RangeError for an activation that does not exist. */
export function resolveActivation(given: LinearOptions | undefined, name: string): LinearActivation {
  const activation = given?.activation ?? 'none';
  if (LINEAR_ACTIVATIONS.includes(activation)) return activation;
  throw new RangeError(
    `${name}: there is no activation ${quote(activation)}; there are ${LINEAR_ACTIVATIONS.join(', ')}`,
  );
}

/** The gradient with respect to what the activation was applied to: the rules of all inputs ask for the same one. */
export const beforeActivation = (g: Tensor, saved: Saved<Attributes>): Tensor =>
  saved.attributes.activation === 'none' ? g : saved.shared(g, () => relu.op.vjp(0, g, saved), true);

/** As a matrix: all leading dimensions are rows. */
const asRows = (x: Tensor): Tensor => {
  if (x.rank === 2) return x;
  const rows = x.shape.slice(0, -1).reduce((size, d) => size * d, 1);
  return reshape(x, { shape: [rows, x.shape[x.rank - 1]] });
};

/**
 * activation(x · weight^T + bias), a dense layer in one pass with the bits of matmul, add and relu one by one.
 * Takes x [..., inputs] of two dimensions or more, weight [outputs, inputs] and bias [outputs]; gives [..., outputs].
 * @throws ShapeError when shapes do not fit; RangeError for an unknown activation.
 */
export const linear: OpFunction<3, LinearOptions> = defineOp({
  name: 'linear',
  doc: 'activation(x · weight^T + bias): matmul, add and, on request, relu in one.',
  arity: 3,
  options: ['activation'],
  attributes: (given: LinearOptions | undefined, _, name) => ({ activation: resolveActivation(given, name) }),
  shape: linearShape,
  forward: linearKernel,
  kernels: { wasm: fastLinear },
  parts: ([x, weight, bias], { activation }) => {
    const sum = add(matmul(x, weight, { transposeB: true }), bias);
    return activation === 'relu' ? relu(sum) : sum;
  },
  saves: ['inputs', 'output'],
  vjp: [
    (g, saved) => matmul(beforeActivation(g, saved), saved.b),
    (g, saved) => matmul(asRows(beforeActivation(g, saved)), asRows(saved.x), { transposeA: true }),
    beforeActivation,
  ],
  domain: {
    // The products of up to four numbers stay below what the bias adds: no element comes near the kink of relu.
    inputs: [{ range: [-1, 1] }, { range: [-1, 1] }, { range: [-7, 7], values: [-7, -6, -5, 5, 6, 7] }],
    cases: [
      { shapes: [['m', 'k'], ['n', 'k'], ['n']] },
      { shapes: [['m', 'k'], ['n', 'k'], ['n']], attributes: { activation: 'relu' } },
      { shapes: [['b', 'm', 'k'], ['n', 'k'], ['n']], attributes: { activation: 'relu' }, label: 'batched' },
    ],
  },
});
