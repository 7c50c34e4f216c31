import { Random } from '../../../autograd/ops/random.js';
import { firstExamples } from '../../../study/first-rows.js';
import { scope } from '../../../tensor/index.js';
import { generate } from '../../../vae/explore.js';
import { manifoldCodes } from '../../../vae/manifold.js';
import { type Lab, sessionOf } from '../lab.js';
import { decodePixels, encodeRows, toPixels } from '../pictures.js';

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

type Axes = readonly [number, number];

/** Images are bytes from 0 to 255, one after another. */
export const latentCalls = {
  /** Where the first `count` test examples lie: posterior means at two dimensions of z as x, y, x, y, ..., and classes. */
  trainCloud(lab: Lab, { axes, count }: { axes: Axes; count: number }) {
    const { vae, test } = sessionOf(lab);
    const { latent } = vae;
    checkAxes(axes, latent);
    const n = Math.min(count, test.size);
    const { mean } = encodeRows(vae, () => firstExamples(test, count, vae.dtype));
    const points = new Float32Array(2 * n);
    for (let i = 0; i < n; i++) {
      points[2 * i] = mean[i * latent + axes[0]];
      points[2 * i + 1] = mean[i * latent + axes[1]];
    }
    return { points, labels: test.labels.slice(0, n) };
  },

  /** The first `count` test images, and E[x | z] at the posterior mean of each. */
  trainReconstructions(lab: Lab, { count }: { count: number }) {
    const { vae, test } = sessionOf(lab);
    const images = scope(() => toPixels(firstExamples(test, count, vae.dtype)));
    const { mean } = encodeRows(vae, () => firstExamples(test, count, vae.dtype));
    return { images, reconstructions: decodePixels(vae, mean), labels: test.labels.slice(0, count) };
  },

  /** E[x | z] for z drawn from the prior: the images of `pathwise sample --seed`. */
  trainSamples(lab: Lab, { count, seed }: { count: number; seed: number }) {
    const { vae } = sessionOf(lab);
    return scope(() => toPixels(generate(vae, count, new Random(seed).stream('samples'))));
  },

  /** E[x | z] for one z. */
  trainDecode(lab: Lab, { z }: { z: readonly number[] }) {
    const { vae } = sessionOf(lab);
    checkCode(z, vae.latent);
    return decodePixels(vae, Float32Array.from(z));
  },

  /** E[x | z] on a grid over two dimensions, in equal steps of probability under the prior; the others as in z. */
  trainManifold(lab: Lab, { axes, z, side }: { axes: Axes; z: readonly number[]; side: number }) {
    const { vae } = sessionOf(lab);
    const { latent } = vae;
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
