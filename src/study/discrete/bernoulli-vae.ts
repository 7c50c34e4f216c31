import {
  add,
  backward,
  exp,
  matmul,
  mean,
  mul,
  relu,
  sigmoid,
  softplus,
  sub,
  sum,
} from '../../autograd/index.js';
import type { Dataset } from '../../data/dataset.js';
import { bernoulliNll } from '../../nn/bernoulli.js';
import { Dense } from '../../nn/dense.js';
import { Module } from '../../nn/module.js';
import { Adam } from '../../nn/optim/adam.js';
import type { DType } from '../../tensor/dtype.js';
import { checkOptions } from '../../tensor/known-options.js';
import { scope } from '../../tensor/memory/scope.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import { Tensor } from '../../tensor/tensor.js';

/** Maximum number of bits, since all codes are enumerated. */
const MAX_BITS = 12;

/** All codes of `bits` bits, [2^bits, bits]. @throws RangeError for more than 12 bits, or none. */
export function allCodes(bits: number, dtype: DType): Tensor {
  if (!(Number.isInteger(bits) && bits >= 1 && bits <= MAX_BITS)) {
    throw new RangeError(`allCodes: bits is ${bits}; it must be a whole number from 1 to ${MAX_BITS}`);
  }
  const codes = Tensor.empty([2 ** bits, bits], dtype);
  for (let i = 0; i < codes.size; i++) codes.data[i] = (Math.floor(i / bits) >> (i % bits)) & 1;
  return codes;
}

/** Sizes of a {@link BernoulliVae}. */
export interface BernoulliVaeOptions {
  readonly features: number;
  readonly hidden: number;
  /** Bits of the code, at most 12. */
  readonly bits: number;
  /** For the initial weights. */
  readonly stream: RandomStream;
  /** Defaults to float32. */
  readonly dtype?: DType;
}

/**
 * A VAE whose code is bits: q(z | x) = Bernoulli(sigmoid(logits)), p(z) = Bernoulli(1/2), Bernoulli pixels. A bit does not vary
 * smoothly with its logit, so the trick has nothing to differentiate. With few bits the mean over
 * all codes can be taken exactly.
 */
export class BernoulliVae extends Module {
  readonly encoder: Dense;
  readonly logits: Dense;
  readonly decoder: Dense;
  readonly output: Dense;
  readonly bits: number;
  readonly dtype: DType;

  constructor(options: BernoulliVaeOptions) {
    super();
    checkOptions(options, ['features', 'hidden', 'bits', 'stream', 'dtype'], 'BernoulliVae');
    const { features, hidden, bits, stream, dtype = 'float32' } = options;
    const dense = (inputs: number, outputs: number): Dense => new Dense({ inputs, outputs, stream, dtype });
    this.encoder = dense(features, hidden);
    this.logits = dense(hidden, bits);
    this.decoder = dense(bits, hidden);
    this.output = dense(hidden, features);
    this.bits = bits;
    this.dtype = dtype;
  }

  /** Logits of the bits, [batch, bits]. */
  encode(x: Tensor): Tensor {
    return this.logits.forward(relu(this.encoder.forward(x)));
  }

  /** Logits of the pixels, [rows, features], for codes or values between 0 and 1. */
  decode(z: Tensor): Tensor {
    return this.output.forward(relu(this.decoder.forward(z)));
  }

  /** -log p(x | z) of each row, [rows]. */
  reconstruction(z: Tensor, x: Tensor): Tensor {
    return sum(bernoulliNll(this.decode(z), x), { axes: 1 });
  }

  /** KL(q || p) in nats per example: sum of p l - softplus(l) + log 2. */
  kl(logits: Tensor): Tensor {
    const perBit = add(sub(mul(sigmoid(logits), logits), softplus(logits)), Math.LN2);
    return mean(sum(perBit, { axes: 1 }));
  }

  /**
   * The mean of the reconstruction over q in nats per example, exactly: the sum over all codes. The decoder sees each code once.
   * @param x [batch, features]
   * @param logits [batch, bits]
   */
  expectedReconstruction(x: Tensor, logits: Tensor): Tensor {
    const codes = allCodes(this.bits, this.dtype);
    const output = this.decode(codes);
    const perCode = sub(sum(softplus(output), { axes: 1 }), matmul(x, output, { transposeB: true }));
    const logq = sub(
      matmul(logits, codes, { transposeB: true }),
      sum(softplus(logits), { axes: 1, keepDims: true }),
    );
    return mean(sum(mul(exp(logq), perCode), { axes: 1 }));
  }
}

/**
 * Trains with the exact gradient, the sum over all codes.
 * @returns the negative ELBO at each step, nats per example.
 */
export function trainByEnumeration(
  model: BernoulliVae,
  data: Dataset,
  { steps = 150, batchSize = 64, learningRate = 5e-3 } = {},
): number[] {
  const adam = new Adam(model.namedParameters(), { learningRate });
  return Array.from({ length: steps }, (_, at) =>
    scope(() => {
      const indices = Int32Array.from({ length: batchSize }, (_, i) => (at * batchSize + i) % data.size);
      const x = data.batch(indices, model.dtype);
      const logits = model.encode(x);
      const loss = add(model.expectedReconstruction(x, logits), model.kl(logits));
      adam.step(backward(loss));
      return loss.item();
    }),
  );
}
