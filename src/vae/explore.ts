import { noGrad } from '../autograd/index.js';
import { checkNumber } from '../tensor/check-number.js';
import { quote } from '../tensor/describe.js';
import { ShapeError } from '../tensor/errors.js';
import { checkOptions } from '../tensor/known-options.js';
import type { RandomStream } from '../tensor/random/stream.js';
import { formatShape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import type { Decoder, Encoder, LatentVariableModel } from './model.js';
import type { Labels } from './parts/condition.js';
import type { Posterior } from './parts/posterior.js';

/** Runs `f` as all functions here run a model: in evaluation mode, recording nothing. */
const looking = <T>(vae: Pick<Encoder, 'evaluating'>, f: () => T): T => noGrad(() => vae.evaluating(f));

/** Posterior mean and log-variance of each example, [batch, latent]; nothing is recorded or drawn. */
export function encode(vae: Encoder, x: Tensor, labels?: Labels): Posterior {
  return looking(vae, () => vae.encode(x, labels));
}

/** E[x | z] for codes z of shape [n, latent]: [n, features]. */
export function decode(vae: Decoder, z: Tensor, labels?: Labels): Tensor {
  return looking(vae, () => vae.likelihood.mean(vae.decode(z, labels)));
}

/** `count` new examples: E[x | z] with z drawn from the prior, [count, features]. */
export function generate(vae: Decoder, count: number, stream: RandomStream, labels?: Labels): Tensor {
  return looking(vae, () => decode(vae, vae.prior.sample(count, stream, labels), labels));
}

/**
 * `count` styles with every label: E[x | z, y], [count * classes, features]. Row after row is one style, the same draws, with the
 * labels 0, 1, ... in turn; a prior that depends on the label shapes the draws by each.
 * @throws TypeError for a model without a condition.
 */
export function styles(
  vae: Decoder & Pick<LatentVariableModel, 'condition'>,
  count: number,
  stream: RandomStream,
): Tensor {
  const { condition, dtype } = vae;
  if (condition === null) {
    throw new TypeError('styles: the model has no condition, so a style has no label to change');
  }
  const labels = condition.width;
  const from = stream.position;
  const columns = Array.from({ length: labels }, (_, label) => {
    stream.seek(from);
    return generate(vae, count, stream, Array(count).fill(label));
  });
  const [, features] = columns[0].shape;
  const images = Tensor.empty([count * labels, features], dtype);
  columns.forEach(({ data }, label) => {
    for (let row = 0; row < count; row++)
      images.data.set(data.subarray(row * features, (row + 1) * features), (row * labels + label) * features);
  });
  return images;
}

/** E[x | z] at the posterior mean of each example (no sampling), [batch, features]. */
export function reconstruct(vae: Encoder & Decoder, x: Tensor, labels?: Labels): Tensor {
  return looking(vae, () => decode(vae, encode(vae, x, labels).mean, labels));
}

/** Options of {@link interpolate}. */
export interface InterpolateOptions {
  /** Points on the path, both ends included. Defaults to 10. */
  readonly steps?: number;
  /** 'linear', or 'spherical' along the great circle (White, "Sampling generative networks", 2016). Defaults to 'linear'. */
  readonly path?: 'linear' | 'spherical';
  /** Of the two examples, for a conditional model: the first half of the way has the first one's. */
  readonly labels?: readonly [number, number] | undefined;
}

/**
 * Codes on the way from one code to another, [steps, latent].
 * @param from [latent]
 * @param to [latent]
 * @throws ShapeError when the codes differ in shape; RangeError for fewer than 2 steps or an unknown path.
 */
export function interpolateCodes(from: Tensor, to: Tensor, options: InterpolateOptions = {}): Tensor {
  checkOptions(options, ['steps', 'path', 'labels'], 'interpolate');
  const { steps = 10, path = 'linear' } = options;
  if (from.rank !== 1 || to.rank !== 1 || from.size !== to.size) {
    throw new ShapeError(
      `interpolate: needs two codes of shape [latent], but got ${formatShape(from.shape)} and ${formatShape(to.shape)}`,
    );
  }
  checkNumber(steps, { integer: true, min: 2 }, 'steps', 'interpolate');
  if (path !== 'linear' && path !== 'spherical')
    throw new RangeError(`interpolate: path is ${quote(path)}; it must be 'linear' or 'spherical'`);
  const codes = Tensor.empty([steps, from.size], from.dtype);
  const angle = path === 'spherical' ? angleBetween(from, to) : 0;
  for (let s = 0; s < steps; s++) {
    const t = s / (steps - 1);
    // A vanishing angle (or an opposite code, where the circle is not unique) leaves the straight line.
    const curved = Math.sin(angle) > 1e-6;
    const a = curved ? Math.sin((1 - t) * angle) / Math.sin(angle) : 1 - t;
    const b = curved ? Math.sin(t * angle) / Math.sin(angle) : t;
    for (let i = 0; i < from.size; i++) codes.data[s * from.size + i] = a * from.data[i] + b * to.data[i];
  }
  return codes;
}

/** The angle between two vectors in radians; 0 if either vanishes. */
function angleBetween(a: Tensor, b: Tensor): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.size; i++) {
    dot += a.data[i] * b.data[i];
    aa += a.data[i] ** 2;
    bb += b.data[i] ** 2;
  }
  if (aa === 0 || bb === 0) return 0;
  return Math.acos(Math.max(-1, Math.min(1, dot / Math.sqrt(aa * bb))));
}

/**
 * Pictures on the way from one example to another: E[x | z] along a path between their posterior means,
 * [steps, features].
 * @param a [1, features]
 * @param b [1, features]
 * @throws ShapeError when either is not one example, and what {@link interpolateCodes} throws.
 */
export function interpolate(
  vae: Encoder & Decoder,
  a: Tensor,
  b: Tensor,
  options: InterpolateOptions = {},
): Tensor {
  const { labels } = options;
  const code = (x: Tensor, end: 0 | 1): Tensor => {
    if (x.rank === 2 && x.shape[0] === 1)
      return new Tensor(encode(vae, x, labels && [labels[end]]).mean.data, [vae.latent]);
    throw new ShapeError(`interpolate: needs one example, [1, features], but got ${formatShape(x.shape)}`);
  };
  const codes = interpolateCodes(code(a, 0), code(b, 1), options);
  const [steps] = codes.shape;
  return decode(vae, codes, labels && Array.from({ length: steps }, (_, s) => labels[s < steps / 2 ? 0 : 1]));
}
