/** Test examples in the latent space. */
export interface Cloud {
  /** Posterior means at two dimensions: x, y, x, y, ... */
  readonly points: Float32Array;
  /** The class of each example. */
  readonly labels: Uint8Array;
}

/** What the model makes of one image. */
export interface Inference {
  /** The image itself. */
  readonly pixels: Uint8Array;
  /** The class of a test image; null for a drawing. */
  readonly label: number | null;
  /** Of the posterior q(z | x), [latent] each. */
  readonly mean: Float32Array;
  readonly logvar: Float32Array;
  /** E[x | z] at the posterior mean. */
  readonly reconstruction: Uint8Array;
  /** Nats, averaged over draws of z: -log p(x | z) without its constant, the KL, and the full ELBO. */
  readonly terms: { readonly reconstruction: number; readonly kl: number; readonly elbo: number };
}

export interface Reconstructions {
  readonly images: Uint8Array;
  readonly reconstructions: Uint8Array;
  readonly labels: Uint8Array;
}

/** Images are bytes from 0 to 255, one after another. */
export interface LatentCalls {
  /** Where the first `count` test examples lie, at two dimensions of z. */
  trainCloud(args: { axes: readonly [number, number]; count: number }): Cloud;
  /** The first `count` test images, and E[x | z] at the posterior mean of each. */
  trainReconstructions(args: { count: number }): Reconstructions;
  /** E[x | z] for z drawn from the prior: the images of `pathwise sample --seed`. */
  trainSamples(args: { count: number; seed: number }): Uint8Array;
  /** E[x | z] for one z. */
  trainDecode(args: { z: readonly number[] }): Uint8Array;
  /** E[x | z] on a grid over two dimensions, in equal steps of probability under the prior; the others as in z. */
  trainManifold(args: { axes: readonly [number, number]; z: readonly number[]; side: number }): Uint8Array;
  /**
   * What the model makes of a test example, by its number, or of a drawing, as the address holds it.
   * @throws RangeError when there is no such example, or the images are not 28 x 28.
   */
  trainInfer(args: { image: { readonly test: number } | { readonly ink: string } }): Inference;
}
