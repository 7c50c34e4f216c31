import { Random } from '../../../autograd/ops/random.js';

import { firstExamples } from '../../../study/first-rows.js';

import { scope } from '../../../tensor/index.js';
import { generate } from '../../../vae/explore.js';
import { manifoldCodes } from '../../../vae/manifold.js';
import { type Handlers, sessionOf } from '../lab.js';
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

export const latentCalls = {
  trainCloud(lab, { axes, count }) {
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

  trainReconstructions(lab, { count }) {
    const { vae, test } = sessionOf(lab);
    const images = scope(() => toPixels(firstExamples(test, count, vae.dtype)));
    const { mean } = encodeRows(vae, () => firstExamples(test, count, vae.dtype));
    return { images, reconstructions: decodePixels(vae, mean), labels: test.labels.slice(0, count) };
  },

  trainSamples(lab, { count, seed }) {
    const { vae } = sessionOf(lab);
    return scope(() => toPixels(generate(vae, count, new Random(seed).stream('samples'))));
  },

  trainDecode(lab, { z }) {
    const { vae } = sessionOf(lab);
    checkCode(z, vae.latent);
    return decodePixels(vae, Float32Array.from(z));
  },

  trainManifold(lab, { axes, z, side }) {
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
} satisfies Partial<Handlers>;
