import {
  add,
  backward,
  broadcastTo,
  exp,
  mul,
  neg,
  noGrad,
  reshape,
  sigmoid,
  stopGradient,
  sub,
  sum,
  variable,
} from '../../autograd/index.js';
import { bernoulliNll } from '../../nn/bernoulli.js';
import type { DType } from '../../tensor/dtype.js';
import { scope } from '../../tensor/memory/scope.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import { Tensor } from '../../tensor/tensor.js';
import { repeatedRows } from '../../vae/samples.js';
import { held } from '../held.js';
import { allCodes, type BernoulliVae } from './bernoulli-vae.js';

/** The point at which estimators of a gradient by logits are compared. */
export interface DiscretePoint {
  readonly batch: number;
  readonly bits: number;
  readonly dtype: DType;
  /** [batch, bits], plain data. */
  readonly logits: Tensor;
  /** The loss of each row, [n * batch] from codes [n * batch, bits]; the rows are the batch, repeated n times. */
  readonly loss: (z: Tensor) => Tensor;
}

/**
 * A model and a batch as a fixed point; the loss is the reconstruction, as the KL needs no sample. The model must not change
 * in the meantime.
 * @param x [batch, features]
 */
export function discretePoint(model: BernoulliVae, x: Tensor): DiscretePoint {
  const [batch] = x.shape;
  return {
    batch,
    bits: model.bits,
    dtype: model.dtype,
    logits: noGrad(() => model.encode(x)).clone(),
    loss: held(model, (z: Tensor) => model.reconstruction(z, repeatedRows(x, z.shape[0] / batch))),
  };
}

/** log q of each row's code, [rows]. */
const logProbability = (logits: Tensor, z: Tensor): Tensor => neg(sum(bernoulliNll(logits, z), { axes: 1 }));

/** The gradient by the logits of the mean of loss, [batch * bits], exactly: sum over codes of q(z) loss(z). */
export function exactGradient({ batch, bits, dtype, logits, loss }: DiscretePoint): Float64Array {
  return scope(() => {
    const codes = allCodes(bits, dtype);
    const count = codes.shape[0];
    const z = reshape(
      broadcastTo(reshape(codes, { shape: [count, 1, bits] }), { shape: [count, batch, bits] }),
      {
        shape: [count * batch, bits],
      },
    );
    const at = variable(logits);
    const q = exp(logProbability(repeatedRows(at, count), z));
    const gradients = backward(
      sum(
        mul(
          q,
          noGrad(() => loss(z)),
        ),
      ),
    );
    return Float64Array.from(gradients.get(at).data, (g) => g / batch);
  });
}

/** An estimator of that gradient. */
export interface DiscreteEstimator {
  readonly name: string;
  readonly title: string;
  /** One number for each row: the gradient of their sum by the logits is the estimate for each row. u is uniform in (0, 1), [rows, bits]. */
  readonly surrogate: (logits: Tensor, u: Tensor, loss: (z: Tensor) => Tensor, baseline: Tensor) => Tensor;
}

/** The bits that u draws: 1 where u < sigmoid(logit). */
function drawBits(logits: Tensor, u: Tensor): Tensor {
  const z = noGrad(() => sigmoid(logits)).clone();
  for (let i = 0; i < z.size; i++) z.data[i] = u.data[i] < z.data[i] ? 1 : 0;
  return z;
}

/** The score function, with or without a baseline for each example. It is unbiased, as log q is differentiated, not the bits. */
export const discreteScore = (withBaseline: boolean): DiscreteEstimator => ({
  name: withBaseline ? 'score-baseline' : 'score',
  title: withBaseline ? 'score function, baseline' : 'score function',
  surrogate: (logits, u, loss, baseline) => {
    const z = drawBits(logits, u);
    const value = withBaseline ? sub(loss(z), baseline) : loss(z);
    return mul(stopGradient(value), logProbability(logits, z));
  },
});

/**
 * The binary concrete relaxation (Maddison, Mnih & Teh 2017, appendix B; the Gumbel-softmax of Jang, Gu & Poole 2017 for two classes):
 * z = sigmoid((logit + log((1 - u) / u)) / temperature) is between 0 and 1, and moves with the logits. Its gradient is that of
 * another loss, the mean over soft codes, which becomes the right one as the temperature falls.
 * @throws RangeError unless the temperature is a positive number.
 */
export function relaxation(temperature: number): DiscreteEstimator {
  if (!(temperature > 0 && Number.isFinite(temperature))) {
    throw new RangeError(`relaxation: the temperature is ${temperature}; it must be a finite number above 0`);
  }
  return {
    name: `relaxed-${temperature}`,
    title: `relaxed, temperature ${temperature}`,
    surrogate: (logits, u, loss) => {
      const noise = u.detach().clone();
      for (let i = 0; i < u.size; i++) noise.data[i] = Math.log((1 - u.data[i]) / u.data[i]);
      return loss(sigmoid(mul(add(logits, noise), 1 / temperature)));
    },
  };
}

/**
 * `n` estimates of an estimator, [batch * bits] each, from draws of the stream.
 * @param baseline [batch], from other draws
 */
export function drawEstimates(
  { batch, bits, dtype, logits, loss }: DiscretePoint,
  { surrogate }: DiscreteEstimator,
  stream: RandomStream,
  n: number,
  baseline: Float64Array,
): Float64Array[] {
  return scope(() => {
    const u = Tensor.empty([n * batch, bits], dtype);
    const size = batch * bits;
    // A float32 draw can be 0, whose logit is not finite.
    for (let k = 0; k < n; k++) stream.uniform(u.data.subarray(k * size, (k + 1) * size), 2 ** -24, 1);
    const base = Tensor.empty([n * batch], dtype);
    for (let i = 0; i < base.size; i++) base.data[i] = baseline[i % batch];
    const at = variable(noGrad(() => repeatedRows(logits, n)));
    const { data } = backward(sum(surrogate(at, u, loss, base))).get(at);
    return Array.from({ length: n }, (_, k) =>
      Float64Array.from(data.subarray(k * size, (k + 1) * size), (g) => g / batch),
    );
  });
}
