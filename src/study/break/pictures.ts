import { step } from '../../tensor/memory/step.js';
import { Random } from '../../tensor/random/stream.js';
import type { Dataset } from '../../vae/dataset.js';
import { generate, reconstruct } from '../../vae/explore.js';
import type { VAE } from '../../vae/vae.js';

/** Pictures as values from 0 to 1, one after another. */
export interface Pictures {
  readonly count: number;
  /** The first test examples, [count, features]. */
  readonly originals: Float32Array;
  /** E[x | z] at their posterior means. */
  readonly reconstructions: Float32Array;
  /** E[x | z] at draws from the prior. */
  readonly samples: Float32Array;
}

/** What a model makes of the first test examples and of the prior; codes are the same for every model of a seed. */
export function picturesOf(vae: VAE, test: Dataset, wanted: number, seed: number): Pictures {
  const count = Math.min(wanted, test.size);
  return step(() => {
    const x = test.batch(
      Int32Array.from({ length: count }, (_, i) => i),
      vae.dtype,
    );
    const codes = new Random(seed).stream('prior').split('break');
    return {
      count,
      originals: Float32Array.from(x.data),
      reconstructions: Float32Array.from(reconstruct(vae, x).data),
      samples: Float32Array.from(generate(vae, count, codes).data),
    };
  });
}
