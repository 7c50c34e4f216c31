import { imageShape } from '../../src/data/images.js';
import { backward, normal, Random } from '../../src/index.js';
import { Adam } from '../../src/nn.js';
import { registerBuiltInParts } from '../../src/vae/parts/built-in.js';
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
    readonly name: ModelName;
    /** Steps measured, an epoch at the most. */
    readonly steps: number;
    readonly warmup: number;
  }[];
}

/** The models that are trained: presets, but for the likelihood of the large one, which the other libraries lack. */
export const MODELS = {
  latent2: presets.latent2,
  latent20: presets.latent20,
  conv2: presets.conv2,
  conv32: { ...presets.conv32, likelihood: 'gaussian' },
} as const satisfies Partial<Record<PresetName, object>>;

export type ModelName = keyof typeof MODELS;

/** Images in colour, which are cut from the bytes of the others. */
const COLOUR = { channels: 3, rows: 32, columns: 32 };

/** Steps whose losses make the loss that is reported. */
const LAST = 10;

/** Seconds an epoch, and where they go. */
export function measure({ images, epoch, batch, models }: EpochSettings): Reading[] {
  registerBuiltInParts();
  const whole = Math.ceil(epoch / batch);
  return models.map(({ name, steps, warmup }) => {
    const image = name === 'conv32' ? COLOUR : images;
    const data = readImages(images, image);
    const turn = Math.ceil(data.size / batch);
    const random = new Random(0);
    const epsilon = random.stream('epsilon');
    const order = random.stream('shuffle').permutation(data.size);
    const shape = 'body' in MODELS[name] ? { shape: imageShape(image) } : {};
    const config = { features: data.features, ...shape, ...MODELS[name] };
    const vae = new VAE(config, { stream: random.stream('init') });
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
