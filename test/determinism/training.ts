import { drawGlyphs, imageDataset, take } from '../../src/data/index.js';
import { backend, Random } from '../../src/index.js';
import { marginalLikelihood, Trainer, type TrainingOptions, VAE, type VAEConfig } from '../../src/vae.js';

/** Two short trainings that between them use every kernel of a step, large enough to be shared by threads. */
const RUNS: Readonly<Record<string, { model: Partial<VAEConfig>; training: Partial<TrainingOptions> }>> = {
  bernoulli: {
    model: { activation: 'relu', likelihood: 'bernoulli' },
    training: { binarize: true, clipNorm: 50 },
  },
  gaussian: { model: { activation: 'tanh', likelihood: 'gaussian', learnSigma: true }, training: {} },
};
const STEPS = 200;
const BATCH = 48;

export interface Report {
  /** What computed it. */
  readonly backend: string;
  readonly threads: number;
  /** SHA-256 of all that training changed, in the order of the checkpoint, by run. */
  readonly digests: Readonly<Record<string, string>>;
  /** The last loss of each run, and what importance sampling then finds of its model. */
  readonly losses: Readonly<Record<string, number>>;
}

async function digest(arrays: readonly Iterable<number>[]): Promise<string> {
  const values = Float32Array.from(arrays.flatMap((array) => [...array]));
  const hash = await crypto.subtle.digest('SHA-256', values.buffer);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Trains each model for 200 steps, and tells what came of it. */
export async function report(): Promise<Report> {
  const digests: Record<string, string> = {};
  const losses: Record<string, number> = {};
  const data = imageDataset(drawGlyphs({ count: 1000, seed: 3 }));
  for (const [name, { model, training }] of Object.entries(RUNS)) {
    const vae = new VAE(
      { features: 784, hidden: [24, 16], latent: 8, ...model },
      { stream: new Random(1).stream('init') },
    );
    const trainer = new Trainer(vae, { train: data, batchSize: BATCH, epochs: 1000, seed: 2, ...training });
    let steps = 0;
    for (const event of trainer.run()) {
      if (event.type !== 'step') continue;
      losses[name] = event.loss;
      if (++steps === STEPS) break;
    }
    const sampling = { random: new Random(5), samples: 400, binarize: training.binarize };
    losses[`${name}, -log p(x)`] = -marginalLikelihood(vae, take(data, 3), sampling).logLikelihood.value;
    digests[name] = await digest([...vae.namedParameters().values()].map((t) => t.data));
  }
  return { backend: backend().name, threads: backend().threads, digests, losses };
}
