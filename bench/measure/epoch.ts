import { backward, normal, Random } from '../../src/index.js';
import { Adam } from '../../src/nn.js';
import { objective, type PresetName, presets, VAE } from '../../src/vae.js';
import { scoped } from '../engine.js';
import type { Reading } from '../protocol.js';
import { type ImageFile, readImages } from './images.js';

export interface EpochSettings {
  readonly images: ImageFile;
  /** Examples that make an epoch; where there are fewer images they come again. */
  readonly epoch: number;
  readonly batch: number;
  readonly models: readonly {
    readonly name: PresetName;
    /** Steps measured, an epoch at the most. */
    readonly steps: number;
    readonly warmup: number;
  }[];
}

/** Steps whose losses make the loss that is reported. */
const LAST = 10;

/** Seconds an epoch, and where they go. */
export function measure({ images, epoch, batch, models }: EpochSettings): Reading[] {
  const data = readImages(images);
  const turn = Math.ceil(data.size / batch);
  const whole = Math.ceil(epoch / batch);
  return models.map(({ name, steps, warmup }) => {
    const random = new Random(0);
    const epsilon = random.stream('epsilon');
    const order = random.stream('shuffle').permutation(data.size);
    const vae = new VAE({ features: data.features, ...presets[name] }, { stream: random.stream('init') });
    const adam = new Adam(vae.namedParameters(), { learningRate: 1e-3 });
    const phases = { data: 0, forward: 0, backward: 0, update: 0 };
    const losses: number[] = [];

    /** One step; returns how many examples it took. */
    const step = (number: number): number => {
      const indices = order.subarray((number % turn) * batch, ((number % turn) + 1) * batch);
      const start = performance.now();
      const x = data.batch(indices, 'float32');
      const noise = normal([indices.length, vae.latent], epsilon);
      const drawn = performance.now();
      const { loss } = objective(vae, x, noise);
      losses.push(loss.item());
      const computed = performance.now();
      const gradients = backward(loss);
      const derived = performance.now();
      adam.step(gradients);
      phases.data += drawn - start;
      phases.forward += computed - drawn;
      phases.backward += derived - computed;
      phases.update += performance.now() - derived;
      return indices.length;
    };

    for (let i = 0; i < warmup; i++) scoped(() => step(i));
    for (const phase of ['data', 'forward', 'backward', 'update'] as const) phases[phase] = 0;
    const measured = Math.min(steps, whole);
    let examples = 0;
    const cpu = process.cpuUsage();
    const start = performance.now();
    // From the start of the order, so that a whole epoch has its short last batch.
    for (let i = 0; i < measured; i++) examples += scoped(() => step(i));
    const milliseconds = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    const scale = epoch / examples / 1000;
    const recent = losses.slice(-LAST);
    return {
      row: name,
      note: measured === whole ? 'whole' : `${measured} of ${whole} steps`,
      values: {
        seconds: milliseconds * scale,
        cpu: ((user + system) / 1000) * scale,
        ...Object.fromEntries(Object.entries(phases).map(([phase, ms]) => [phase, ms * scale])),
        loss: recent.reduce((a, b) => a + b) / recent.length,
      },
    };
  });
}
