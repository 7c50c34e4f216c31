/**
 * The variational autoencoder: model, likelihoods, the reparameterization trick, KL, objective; training, evaluation and
 * checkpoints; encoding, generation, reconstruction and interpolation.
 * @packageDocumentation
 */
export * from './vae/core.js';
