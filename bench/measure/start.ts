import type { Reading } from '../protocol.js';

/** From nothing to the first finished training step of latent2; nothing of the library is loaded before. */
export async function measure(): Promise<Reading[]> {
  const begun = performance.now();
  const { backward, normal, Random, uniform } = await import('../../src/index.js');
  const { Adam } = await import('../../src/nn.js');
  const { objective, presets, VAE } = await import('../../src/vae.js');
  const { scoped } = await import('../engine.js');
  const imported = performance.now();
  const random = new Random(0);
  const vae = new VAE({ features: 784, ...presets.latent2 }, { stream: random.stream('init') });
  const adam = new Adam(vae.namedParameters(), { learningRate: 1e-3 });
  const made = performance.now();
  scoped(() => {
    const x = uniform([128, 784], random.stream('data'));
    const epsilon = normal([128, vae.latent], random.stream('epsilon'));
    adam.step(backward(objective(vae, x, epsilon).loss));
  });
  const done = performance.now();
  const spans = {
    // performance.now() counts from the start of the process.
    'Node itself': begun,
    import: imported - begun,
    'model and optimizer': made - imported,
    'first step': done - made,
    'import to first finished step': done - begun,
  };
  return Object.entries(spans).map(([row, ms]) => ({ row, values: { seconds: ms / 1000 } }));
}
