import { step } from '../../../tensor/index.js';
import { Random } from '../../../tensor/random/index.js';
import { generate } from '../../../vae/explore.js';
import { manifoldCodes } from '../../../vae/manifold.js';
import type { Lab } from '../lab.js';
import { sessionOf } from '../lab.js';
import { decodePixels, encodeRows, toPixels } from '../pictures.js';

/** What the pictures of the latent space are of. */
export interface Cloud {
  /** Posterior means of test examples at two dimensions: x, y, x, y, ... */
  readonly points: Float32Array;
  /** The class of each. */
  readonly labels: Uint8Array;
}

/** @throws RangeError unless each is a dimension of z. */
function checkAxes(axes: readonly number[], latent: number): void {
  for (const axis of axes) {
    if (Number.isInteger(axis) && axis >= 0 && axis < latent) continue;
    throw new RangeError(`there is no dimension ${axis + 1} of z; it has ${latent}`);
  }
}

/** @throws RangeError when z has another length. */
function checkCode(z: readonly number[], latent: number): void {
  if (z.length !== latent) throw new RangeError(`z has ${z.length} numbers; the model's has ${latent}`);
}

export const latentCalls = {
  /** Where the first `count` test examples lie, at two dimensions of z. */
  trainCloud(lab: Lab, { axes, count }: { axes: readonly [number, number]; count: number }): Cloud {
    const { vae, test } = sessionOf(lab);
    const { latent } = vae.config;
    checkAxes(axes, latent);
    const n = Math.min(count, test.size);
    const { mean } = encodeRows(vae, () => test.batch(firstOf(n), vae.dtype));
    const points = new Float32Array(2 * n);
    for (let i = 0; i < n; i++) {
      points[2 * i] = mean[i * latent + axes[0]];
      points[2 * i + 1] = mean[i * latent + axes[1]];
    }
    return { points, labels: test.labels.slice(0, n) };
  },

  /** The first `count` test images, and E[x | z] at the posterior mean of each. */
  trainReconstructions(
    lab: Lab,
    { count }: { count: number },
  ): { images: Uint8Array; reconstructions: Uint8Array; labels: Uint8Array } {
    const { vae, test } = sessionOf(lab);
    const n = Math.min(count, test.size);
    const images = step(() => toPixels(test.batch(firstOf(n), vae.dtype)));
    const { mean } = encodeRows(vae, () => test.batch(firstOf(n), vae.dtype));
    return { images, reconstructions: decodePixels(vae, mean), labels: test.labels.slice(0, n) };
  },

  /** E[x | z] for z drawn from the prior: the images of `pathwise sample --seed`. */
  trainSamples(lab: Lab, { count, seed }: { count: number; seed: number }): Uint8Array {
    const { vae } = sessionOf(lab);
    return step(() => toPixels(generate(vae, count, new Random(seed).stream('samples'))));
  },

  /** E[x | z] for one z. */
  trainDecode(lab: Lab, { z }: { z: readonly number[] }): Uint8Array {
    const { vae } = sessionOf(lab);
    checkCode(z, vae.config.latent);
    return decodePixels(vae, Float32Array.from(z));
  },

  /** E[x | z] on a grid over two dimensions, in equal steps of probability under the prior; the others as in z. */
  trainManifold(
    lab: Lab,
    { axes, z, side }: { axes: readonly [number, number]; z: readonly number[]; side: number },
  ): Uint8Array {
    const { vae } = sessionOf(lab);
    const { latent } = vae.config;
    checkAxes(axes, latent);
    checkCode(z, latent);
    const plane = manifoldCodes(side).data;
    const codes = new Float32Array(side * side * latent);
    for (let i = 0; i < side * side; i++) {
      codes.set(z, i * latent);
      codes[i * latent + axes[0]] = plane[2 * i];
      codes[i * latent + axes[1]] = plane[2 * i + 1];
    }
    return decodePixels(vae, codes);
  },
};

const firstOf = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);
