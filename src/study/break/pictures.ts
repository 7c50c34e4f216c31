import { Random } from '../../autograd/ops/random.js';
import type { Dataset } from '../../data/dataset.js';
import { scope } from '../../tensor/memory/scope.js';
import type { Tensor } from '../../tensor/tensor.js';
import { generate, reconstruct } from '../../vae/explore.js';
import type { LatentVariableModel } from '../../vae/model.js';
import { firstExamples } from '../first-rows.js';

/** Pictures, one byte for each pixel: 0 (black) to 255 (white). */
export interface Pictures {
  readonly count: number;
  /** The first test examples, [count, features]. */
  readonly originals: Uint8Array;
  /** E[x | z] at their posterior means. */
  readonly reconstructions: Uint8Array;
  /** E[x | z] at draws from the prior. */
  readonly samples: Uint8Array;
}

const bytes = ({ data }: Tensor): Uint8Array =>
  Uint8Array.from(data, (value: number) => Math.round(255 * Math.min(1, Math.max(0, value))));

/** Reconstructions of the first test examples and samples from the prior; all models of a seed get the same codes. */
export function picturesOf(vae: LatentVariableModel, test: Dataset, wanted: number, seed: number): Pictures {
  const count = Math.min(wanted, test.size);
  return scope(() => {
    const x = firstExamples(test, count, vae.dtype);
    const codes = new Random(seed).stream('prior').split('break');
    return {
      count,
      originals: bytes(x),
      reconstructions: bytes(reconstruct(vae, x)),
      samples: bytes(generate(vae, count, codes)),
    };
  });
}
