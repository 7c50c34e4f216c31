import { Random } from '../../autograd/ops/random.js';
import type { Dataset } from '../../data/dataset.js';
import { normal } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { LatentVariableModel } from '../../vae/model.js';

export interface Batch {
  readonly x: Tensor;
  readonly epsilon: Tensor;
}

/**
 * Batches with their noise, in the order of a `Trainer` with the same seed. Each is made inside the
 * scope that uses it.
 * @param count how many
 */
export function* batches(
  data: Dataset,
  { latent, dtype }: LatentVariableModel,
  seed: number,
  size: number,
  count: number,
): Generator<() => Batch> {
  const random = new Random(seed);
  const noise = random.stream('epsilon');
  const steps = Math.ceil(data.size / size);
  let order: Int32Array = new Int32Array(0);
  for (let at = 0; at < count; at++) {
    const inEpoch = at % steps;
    if (inEpoch === 0) {
      order = random
        .stream('shuffle')
        .split(`epoch ${at / steps + 1}`)
        .permutation(data.size);
    }
    const indices = order.subarray(inEpoch * size, (inEpoch + 1) * size);
    const position = noise.position;
    const make = (): Batch => {
      noise.seek(position);
      return { x: data.batch(indices, dtype), epsilon: normal([indices.length, latent], noise, { dtype }) };
    };
    yield make;
    // Advances by the same amount however often the batch was made.
    noise.seek(position + Math.ceil((indices.length * latent) / 4));
  }
}
