import { noGrad } from '../autograd/apply.js';
import { mul } from '../autograd/ops/arithmetic.js';
import { sumsOfSquares } from '../autograd/ops/sums-of-squares.js';
import type { TensorData } from '../tensor/dtype.js';
import type { Tensor } from '../tensor/tensor.js';
import {
  checkGradients,
  type GradientSource,
  type ParameterSource,
  parametersOf,
} from './optim/optimizer.js';

/** PyTorch's guard against dividing by zero. */
const GUARD = 1e-6;

/** What {@link clipGradientsByNorm} gives. */
export interface Clipped {
  /** The total norm before clipping. */
  readonly norm: number;
  /** Gradients of the given parameters, for an optimiser's `step`. */
  readonly gradients: GradientSource;
}

/** @throws RangeError naming the first element that is not finite, if there is one. */
function checkFinite(parameters: ReadonlyMap<string, Tensor>, gradients: ReadonlyMap<Tensor, Tensor>): void {
  for (const [name, parameter] of parameters) {
    const gradient = gradients.get(parameter);
    if (gradient === undefined) continue;
    const { data } = gradient;
    const i = data.findIndex((x: number) => !Number.isFinite(x));
    if (i < 0) continue;
    throw new RangeError(
      `clipGradientsByNorm: element ${i} of the gradient of '${name}' is ${data[i]}; ` +
        'find the op that made it, or lower the learning rate',
    );
  }
}

/** The 2-norm of any numbers, scaled by the largest so that no square overflows or vanishes. */
function norm64(arrays: readonly TensorData[]): number {
  let largest = 0;
  // Math.max lets NaN through.
  for (const data of arrays)
    for (let i = 0; i < data.length; i++) largest = Math.max(largest, Math.abs(data[i]));
  if (largest === 0) return 0;
  let sum = 0;
  for (const data of arrays) {
    for (let i = 0; i < data.length; i++) {
      const ratio = data[i] / largest;
      sum += ratio * ratio;
    }
  }
  return largest * Math.sqrt(sum);
}

/** The 2-norm over all elements, in float64, where the squares of float32 numbers neither overflow nor vanish. */
function totalNorm(gradients: Iterable<Tensor>): number {
  const arrays = Array.from(gradients, ({ data }) => data);
  const single = arrays.filter((data) => data instanceof Float32Array);
  if (single.length < arrays.length) return norm64(arrays);
  return Math.sqrt(sumsOfSquares(single).reduce((sum, x) => sum + x, 0));
}

/**
 * Shortens the gradient, taken as one vector over all parameters, to at most `maxNorm`: each gradient is multiplied
 * by min(1, maxNorm / (norm + 1e-6)), as PyTorch's `clip_grad_norm_` does. The given gradients are not changed;
 * parameters without one stay without.
 * @param source a module, or what its `namedParameters()` returns
 * @param gradients what `backward` returned
 * @throws RangeError unless `maxNorm` is greater than 0; when a gradient holds NaN or infinity, naming its parameter;
 * TypeError when there are no parameters or gradients to take.
 */
export function clipGradientsByNorm(
  source: ParameterSource,
  gradients: GradientSource,
  maxNorm: number,
): Clipped {
  if (!(maxNorm > 0)) {
    throw new RangeError(`clipGradientsByNorm: maxNorm is ${maxNorm}; it must be greater than 0`);
  }
  const parameters = parametersOf(source, 'clipGradientsByNorm');
  checkGradients(gradients, 'clipGradientsByNorm');
  const found = new Map<Tensor, Tensor>();
  for (const parameter of parameters.values()) {
    const gradient = gradients.find(parameter);
    if (gradient !== undefined) found.set(parameter, gradient);
  }
  const norm = totalNorm(found.values());
  if (!Number.isFinite(norm)) checkFinite(parameters, found);
  const factor = maxNorm / (norm + GUARD);
  if (factor < 1)
    for (const [parameter, gradient] of found)
      found.set(
        parameter,
        noGrad(() => mul(gradient, factor)),
      );
  return { norm, gradients: { find: (t) => found.get(t) } };
}
