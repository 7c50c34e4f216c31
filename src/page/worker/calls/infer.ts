import { Random } from '../../../autograd/ops/random.js';
import type { Dataset } from '../../../data/dataset.js';
import { Tensor } from '../../../tensor/index.js';
import { evaluate } from '../../../vae/evaluate.js';
import { inkPixels } from '../ink.js';
import { type Handlers, sessionOf } from '../lab.js';
import { decodePixels, encodeRows } from '../pictures.js';

/** Draws of z that the terms are averaged over. */
const DRAWS = 64;

/** One example repeated, each time with its own noise. */
const repeated = (x: Float32Array): Dataset => ({
  size: DRAWS,
  features: x.length,
  batch(indices, dtype) {
    const batch = Tensor.uninitialized([indices.length, x.length], dtype);
    for (let row = 0; row < indices.length; row++) batch.data.set(x, row * x.length);
    return batch;
  },
});

export const inferCalls = {
  trainInfer(lab, { image }) {
    const { vae, test, settings, data } = sessionOf(lab);
    const { features } = vae;
    const own = 'ink' in image;
    const x = own
      ? Float32Array.from(inkPixels(image.ink), (byte) => byte / 255)
      : Float32Array.from(test.batch([image.test], 'float32').data);
    if (x.length !== features) {
      throw new RangeError(
        `a drawing has 28 x 28 pixels, but these images have ${data.image.rows} x ${data.image.columns}; choose a test image`,
      );
    }
    const { mean, logvar } = encodeRows(vae, () => repeated(x).batch([0], vae.dtype));
    const { reconstruction, kl, elbo } = evaluate(vae, repeated(x), { random: new Random(settings.seed) });
    return {
      pixels: Uint8Array.from(x, (value) => Math.round(255 * value)),
      label: own ? null : test.labels[image.test],
      mean,
      logvar,
      reconstruction: decodePixels(vae, mean),
      terms: { reconstruction, kl, elbo },
    };
  },
} satisfies Partial<Handlers>;
