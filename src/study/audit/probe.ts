import { backward, sum, variable } from '../../autograd/index.js';
import { describe as nameOf, needsGradient } from '../../autograd/node.js';
import { binaryCrossEntropyWithLogits, squaredError, squaredErrorWithLogits } from '../../nn/losses.js';
import { normal, uniform } from '../../tensor/create.js';
import type { TensorData } from '../../tensor/dtype.js';
import { DTypeError } from '../../tensor/errors.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import { formatShape } from '../../tensor/shape.js';
import { Tensor } from '../../tensor/tensor.js';
import { klPerDimension } from '../../vae/kl.js';
import type { VAEOutput } from '../../vae/model.js';
import type { Loss } from './loss-of.js';

/** Sizes of the tensors that a loss is tried on. */
export interface Sizes {
  readonly features: number;
  readonly latent: number;
  readonly batch: number;
}

/** The reconstructions that a loss is compared with, in nats per example, by how they interpret the decoder's output. */
export const RECONSTRUCTIONS = {
  bernoulli: { title: 'cross-entropy of logits', of: binaryCrossEntropyWithLogits },
  squaredError: { title: 'squared error of sigmoid(output)', of: squaredErrorWithLogits },
  linear: { title: 'squared error of the output itself', of: squaredError },
} as const;
/** How a reconstruction term is computed. */
export type ReconstructionName = keyof typeof RECONSTRUCTIONS;
export const reconstructionNames = Object.keys(RECONSTRUCTIONS) as readonly ReconstructionName[];

/** A gradient as a multiple of another. */
export interface Fit {
  /** The least-squares factor, <found, unit> / <unit, unit>; 0 if `found` vanishes. */
  readonly factor: number;
  /** |found - factor * unit| / |found|: 0 for a multiple, up to 1 otherwise; 0 if `found` vanishes. */
  readonly residual: number;
}

/** Fits one factor to several pairs of gradients at once, to detect a factor that varies between them. */
function fitFactor(pairs: readonly { readonly found: TensorData; readonly unit: TensorData }[]): Fit {
  let [ff, fu, uu] = [0, 0, 0];
  for (const { found, unit } of pairs) {
    for (let i = 0; i < found.length; i++) {
      ff += found[i] * found[i];
      fu += found[i] * unit[i];
      uu += unit[i] * unit[i];
    }
  }
  if (ff === 0) return { factor: 0, residual: 0 };
  const factor = uu === 0 ? 0 : fu / uu;
  // Summed term by term: ff - fu^2 / uu would cancel.
  let rest = 0;
  for (const { found, unit } of pairs)
    for (let i = 0; i < found.length; i++) rest += (found[i] - factor * unit[i]) ** 2;
  return { factor, residual: Math.sqrt(rest / ff) };
}

const POINTS = 2;
const NAMES = ['mean', 'logvar', 'z', 'output'] as const;

interface Leaves extends VAEOutput {
  readonly x: Tensor;
}

/** Plausible values of a VAE, independent of each other, so that each part of a loss is seen separately. */
function leavesAt({ features, latent, batch }: Sizes, stream: RandomStream): Leaves {
  const dtype = 'float64';
  return {
    mean: variable(normal([batch, latent], stream, { dtype }), 'mean'),
    logvar: variable(uniform([batch, latent], stream, { dtype, low: -2, high: 1.5 }), 'logvar'),
    z: variable(normal([batch, latent], stream, { dtype }), 'z'),
    output: variable(normal([batch, features], stream, { dtype, std: 1.5 }), 'output'),
    x: uniform([batch, features], stream, { dtype, low: 0.02, high: 0.98 }),
  };
}

/** One thing for each name. */
const each = <K extends string, T>(names: readonly K[], make: (name: K) => T): Readonly<Record<K, T>> =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<K, T>;

type LeafGradients = Readonly<Record<(typeof NAMES)[number], TensorData>>;

/** The gradient by each leaf; zeros if the loss does not depend on it. */
function gradientsOf(loss: Tensor, leaves: Leaves): LeafGradients {
  const found = needsGradient(loss) ? backward(loss) : null;
  return each(NAMES, (name) => found?.find(leaves[name])?.data ?? new Float64Array(leaves[name].size));
}

/** Calls the loss. @throws TypeError unless it gives one number; DTypeError with advice when it mixes dtypes. */
function lossAt(loss: Loss, { x, ...pass }: Leaves): Tensor {
  let value: unknown;
  try {
    value = loss(pass, x);
  } catch (error) {
    if (!(error instanceof DTypeError)) throw error;
    throw new DTypeError(
      `${error.message}; auditLoss runs the loss in float64: make constants inside it with { dtype: x.dtype }`,
      { cause: error },
    );
  }
  if (!(value instanceof Tensor)) {
    throw new TypeError(
      'auditLoss: the loss must return a tensor with one number, computed with this library',
    );
  }
  if (value.size !== 1) {
    throw new TypeError(
      `auditLoss: the loss returned ${nameOf(value)} of shape ${formatShape(value.shape)}; reduce it to one number (sum or mean)`,
    );
  }
  if (!Number.isFinite(value.item())) {
    throw new RangeError(
      `auditLoss: the loss is ${value.item()} at ordinary values (means and outputs around 0, x between 0 and 1)`,
    );
  }
  return value;
}

/** The parts of a loss at given sizes. */
export interface Probe {
  /** By interpretation of the output. */
  readonly reconstructions: Readonly<Record<ReconstructionName, Fit>>;
  readonly kl: Fit;
  /** |gradient by z| relative to that by mean and logvar: 0 unless the loss uses z itself. */
  readonly throughZ: number;
}

function norm(lists: readonly TensorData[]): number {
  let squares = 0;
  for (const list of lists) for (let i = 0; i < list.length; i++) squares += list[i] * list[i];
  return Math.sqrt(squares);
}

/** @throws as {@link lossAt}, and whatever the loss throws */
export function probe(loss: Loss, sizes: Sizes, stream: RandomStream): Probe {
  const points = Array.from({ length: POINTS }, () => {
    const leaves = leavesAt(sizes, stream);
    const { mean, logvar, output, x } = leaves;
    return {
      found: gradientsOf(lossAt(loss, leaves), leaves),
      kl: gradientsOf(sum(klPerDimension(mean, logvar)), leaves),
      units: each(
        reconstructionNames,
        (name) => gradientsOf(RECONSTRUCTIONS[name].of(output, x), leaves).output,
      ),
    };
  });
  const posterior = norm(points.flatMap(({ found }) => [found.mean, found.logvar]));
  const z = norm(points.map(({ found }) => found.z));
  return {
    reconstructions: each(reconstructionNames, (name) =>
      fitFactor(points.map(({ found, units }) => ({ found: found.output, unit: units[name] }))),
    ),
    kl: fitFactor(
      points.flatMap(({ found, kl }) => [
        { found: found.mean, unit: kl.mean },
        { found: found.logvar, unit: kl.logvar },
      ]),
    ),
    throughZ: z === 0 ? 0 : z / Math.max(posterior, z),
  };
}
