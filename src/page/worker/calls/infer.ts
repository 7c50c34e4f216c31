import { Random } from '../../../autograd/ops/random.js';
import type { Dataset } from '../../../data/dataset.js';
import { Tensor } from '../../../tensor/index.js';
import { evaluate } from '../../../vae/evaluate.js';
import { inkPixels } from '../ink.js';
import { type Lab, sessionOf } from '../lab.js';
import { decodePixels, encodeRows, toPixels } from '../pictures.js';

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
  /**
   * What the model makes of a test example, by its number, or of a drawing, as the address holds it.
   * @throws RangeError when there is no such example, or the images are not 28 x 28.
   */
  trainInfer(lab: Lab, { image }: { image: { readonly test: number } | { readonly ink: string } }) {
    const { vae, test, settings, data } = sessionOf(lab);
    const label = 'ink' in image ? null : test.labels[image.test];
    const x =
      'ink' in image
        ? Float32Array.from(inkPixels(image.ink), (byte) => byte / 255)
        : Float32Array.from(test.batch([image.test], 'float32').data);
    if (x.length !== vae.features) {
      throw new RangeError(
        `a drawing has 28 x 28 pixels, but these images have ${data.image.rows} x ${data.image.columns}; choose a test image`,
      );
    }
    // Of the posterior q(z | x), [latent] each.
    const { mean, logvar } = encodeRows(vae, () => repeated(x).batch([0], vae.dtype));
    // Nats, averaged over draws of z: -log p(x | z) without its constant, the KL, and the full ELBO.
    const { reconstruction, kl, elbo } = evaluate(vae, repeated(x), { random: new Random(settings.seed) });
    return {
      pixels: toPixels(new Tensor(x, [x.length])),
      label,
      mean,
      logvar,
      reconstruction: decodePixels(vae, mean),
      terms: { reconstruction, kl, elbo },
    };
  },
};
