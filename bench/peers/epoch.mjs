import { readFileSync } from 'node:fs';
import { gaussian } from './sample.mjs';

/** Hidden widths, latent dimensions, likelihood: as src/vae/config.ts has them. */
const MODELS = {
  latent2: { hidden: [512, 256], latent: 2, likelihood: 'gaussian' },
  latent20: { hidden: [400], latent: 20, likelihood: 'bernoulli' },
};
const LAST = 10;

/** Sizes [inputs, outputs] of all dense layers by their place in the model. */
export function layersOf({ hidden, latent }, features) {
  const pairs = (sizes) => sizes.slice(1).map((size, i) => [sizes[i], size]);
  const top = hidden[hidden.length - 1];
  return {
    encoder: pairs([features, ...hidden]),
    mean: [top, latent],
    logvar: [top, latent],
    decoder: pairs([latent, ...hidden.toReversed(), features]),
  };
}

/** Starting weights as PyTorch draws them: uniform within 1 / sqrt(inputs). */
export function initialWeights(inputs, outputs) {
  const bound = 1 / Math.sqrt(inputs);
  const draw = (count) => Float32Array.from({ length: count }, () => bound * (2 * Math.random() - 1));
  return { weight: draw(inputs * outputs), bias: draw(outputs) };
}

/**
 * Trains what `make` makes and prints the readings. `make(model, features)` returns an async
 * `step(x, epsilon, size)`, arrays in, the loss out, that ends when its work is done.
 */
export async function runEpochs(settings, make) {
  const { images, epoch, batch, models } = settings;
  const features = images.rows * images.columns;
  const pixels = readFileSync(images.path);
  const whole = Math.ceil(epoch / batch);
  const readings = [];
  for (const { name, steps, warmup } of models) {
    const model = MODELS[name];
    const step = await make(model, features);
    const losses = [];
    const run = async (number) => {
      const x = new Float32Array(batch * features);
      for (let i = 0; i < batch; i++) {
        // A large odd step through the examples: no order that a cache could learn, no permutation to keep.
        const from = (((number * batch + i) * 7919) % images.count) * features;
        for (let j = 0; j < features; j++) x[i * features + j] = pixels[from + j] / 255;
      }
      losses.push(await step(x, gaussian(batch * model.latent), batch));
    };
    for (let i = 0; i < warmup; i++) await run(i);
    const measured = Math.min(steps, whole);
    const cpuStart = process.cpuUsage();
    const start = performance.now();
    for (let i = 0; i < measured; i++) await run(warmup + i);
    const scale = epoch / (measured * batch);
    const seconds = ((performance.now() - start) / 1000) * scale;
    const { user, system } = process.cpuUsage(cpuStart);
    const cpu = ((user + system) / 1e6) * scale;
    const recent = losses.slice(-LAST);
    const loss = recent.reduce((a, b) => a + b) / recent.length;
    readings.push({ row: name, note: `${measured} of ${whole} steps`, values: { seconds, cpu, loss } });
  }
  console.log(JSON.stringify(readings));
}
