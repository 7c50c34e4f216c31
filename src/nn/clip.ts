import { Tensor } from '../tensor/tensor.js';
import type { GradientSource } from './optim/optimizer.js';

/** PyTorch's guard against dividing by zero. */
const GUARD = 1e-6;

export interface Clipped {
  /** The total norm before clipping. */
  readonly norm: number;
  /** Gradients of the given parameters, for an optimiser's `step`. */
  readonly gradients: GradientSource;
}

/** The largest |element| over all gradients. @throws RangeError naming the first one that is not finite. */
function largestOf(gradients: ReadonlyMap<string, Tensor>): number {
  let largest = 0;
  for (const [name, { data }] of gradients) {
    for (let i = 0; i < data.length; i++) {
      const size = Math.abs(data[i]);
      if (!Number.isFinite(size)) {
        throw new RangeError(
          `clipGradientsByNorm: element ${i} of the gradient of '${name}' is ${data[i]}; ` +
            'find the op that made it, or lower the learning rate',
        );
      }
      if (size > largest) largest = size;
    }
  }
  return largest;
}

/** The 2-norm over all elements, in float64, scaled by the largest so that no square overflows or vanishes. */
function totalNorm(gradients: ReadonlyMap<string, Tensor>): number {
  const largest = largestOf(gradients);
  if (largest === 0) return 0;
  let sum = 0;
  for (const { data } of gradients.values()) {
    for (let i = 0; i < data.length; i++) {
      const ratio = data[i] / largest;
      sum += ratio * ratio;
    }
  }
  return largest * Math.sqrt(sum);
}

function scaled(gradient: Tensor, factor: number): Tensor {
  const out = Tensor.empty(gradient.shape, gradient.dtype);
  const rounded = gradient.dtype === 'float32' ? Math.fround(factor) : factor;
  for (let i = 0; i < out.size; i++) out.data[i] = gradient.data[i] * rounded;
  return out;
}

/**
 * Shortens the gradient, taken as one vector over all parameters, to at most `maxNorm`: each gradient is multiplied
 * by min(1, maxNorm / (norm + 1e-6)), as PyTorch's `clip_grad_norm_` does. The given gradients are not changed;
 * parameters without one stay without.
 * @param gradients what `backward` returned
 * @throws RangeError unless `maxNorm` is greater than 0; when a gradient holds NaN or infinity, naming its parameter.
 */
export function clipGradientsByNorm(
  parameters: ReadonlyMap<string, Tensor>,
  gradients: GradientSource,
  maxNorm: number,
): Clipped {
  if (!(maxNorm > 0)) {
    throw new RangeError(`clipGradientsByNorm: maxNorm is ${maxNorm}; it must be greater than 0`);
  }
  const named = new Map<string, Tensor>();
  const found = new Map<Tensor, Tensor>();
  for (const [name, parameter] of parameters) {
    const gradient = gradients.find(parameter);
    if (gradient === undefined) continue;
    named.set(name, gradient);
    found.set(parameter, gradient);
  }
  const norm = totalNorm(named);
  const factor = maxNorm / (norm + GUARD);
  if (factor < 1) for (const [parameter, gradient] of found) found.set(parameter, scaled(gradient, factor));
  return { norm, gradients: { find: (t) => found.get(t) } };
}
