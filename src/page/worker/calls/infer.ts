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

/** A test example by its number, or a drawing, as the address holds it. */
type Chosen = { readonly test: number } | { readonly ink: string };

/**
 * The image, from 0 to 1, and its class.
 * @throws RangeError when there is no such example, or the images are not 28 x 28.
 */
function imageOf(lab: Lab, image: Chosen): { readonly x: Float32Array; readonly label: number | null } {
  const { vae, test, data } = sessionOf(lab);
  const x =
    'ink' in image
      ? Float32Array.from(inkPixels(image.ink), (byte) => byte / 255)
      : Float32Array.from(test.batch([image.test], 'float32').data);
  if (x.length !== vae.features) {
    throw new RangeError(
      `a drawing has 28 x 28 pixels, but these images have ${data.image.rows} x ${data.image.columns}; choose a test image`,
    );
  }
  return { x, label: 'ink' in image ? null : test.labels[image.test] };
}

/** The posterior q(z | x) of one image, [latent] each. */
const posteriorOf = (lab: Lab, x: Float32Array) => {
  const { vae } = sessionOf(lab);
  return encodeRows(vae, () => repeated(x).batch([0], vae.dtype));
};

export const inferCalls = {
  /**
   * The whole way of one image through the model, with one draw of z = mean + sigma * epsilon, and E[x | z] of it.
   * @param draw which draw of epsilon: the same number gives the same at every step
   */
  trainDraw(lab: Lab, { image, draw }: { image: Chosen; draw: number }) {
    const { vae, settings } = sessionOf(lab);
    const { x, label } = imageOf(lab, image);
    const { mean, logvar } = posteriorOf(lab, x);
    const noise = new Random(settings.seed).stream('draws').at(draw * Math.ceil(vae.latent / 4));
    const epsilon = noise.normal(new Float32Array(vae.latent));
    const z = mean.map((center, i) => center + Math.exp(logvar[i] / 2) * epsilon[i]);
    const pixels = toPixels(new Tensor(x, [x.length]));
    return { pixels, label, mean, logvar, epsilon, z, decoded: decodePixels(vae, z) };
  },

  /** What the model makes of one image, averaged over draws. */
  trainInfer(lab: Lab, { image }: { image: Chosen }) {
    const { vae, settings } = sessionOf(lab);
    const { x, label } = imageOf(lab, image);
    const { mean, logvar } = posteriorOf(lab, x);
    // Nats, averaged over draws of z: -log p(x | z) without its constant, the KL, and the full ELBO.
    const { reconstruction, kl, elbo } = evaluate(vae, repeated(x), { random: new Random(settings.seed) });
    return {
      label,
      mean,
      logvar,
      reconstruction: decodePixels(vae, mean),
      terms: { reconstruction, kl, elbo },
    };
  },
};
