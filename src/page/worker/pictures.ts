import { scope, Tensor } from '../../tensor/index.js';
import { decode, encode } from '../../vae/explore.js';
import type { LatentVariableModel } from '../../vae/model.js';

/** Images from 0 to 1 as bytes, for a canvas. */
export const toPixels = ({ data }: Tensor): Uint8Array =>
  Uint8Array.from(data, (value) => Math.round(255 * Math.min(1, Math.max(0, value))));

/** Images decoded at a time: a larger batch would delay training. */
const AT_ONCE = 64;

/** E[x | z] for codes [n * latent], as bytes. */
export function decodePixels(vae: LatentVariableModel, codes: Float32Array): Uint8Array {
  const { latent, features } = vae;
  const count = codes.length / latent;
  const pixels = new Uint8Array(count * features);
  for (let first = 0; first < count; first += AT_ONCE) {
    const rows = Math.min(AT_ONCE, count - first);
    const part = codes.subarray(first * latent, (first + rows) * latent);
    pixels.set(
      scope(() => toPixels(decode(vae, new Tensor(part, [rows, latent])))),
      first * features,
    );
  }
  return pixels;
}

/** Posterior means and log-variances of examples, as new arrays [n * latent]. */
export function encodeRows(
  vae: LatentVariableModel,
  x: () => Tensor,
): { mean: Float32Array; logvar: Float32Array } {
  return scope(() => {
    const { mean, logvar } = encode(vae, x());
    return { mean: Float32Array.from(mean.data), logvar: Float32Array.from(logvar.data) };
  });
}
