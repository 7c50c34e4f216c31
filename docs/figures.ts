/** Draws the figures of docs/reparameterization.md into docs/figures: `npm run figures`. A test fails when one is out of date. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chartSvg } from '../src/cli/study/chart.js';
import { drawGlyphs, imageDataset } from '../src/data/index.js';
import { normal, Random } from '../src/index.js';
import {
  BernoulliVae,
  benchDiscrete,
  benchEstimators,
  type Chart,
  discretePoint,
  errorCurve,
  LedgerRecorder,
  trainByEnumeration,
  vaePoint,
} from '../src/study/index.js';
import { Trainer, VAE } from '../src/vae.js';

export const FIGURES = join(import.meta.dirname, 'figures');

const digits = imageDataset(drawGlyphs({ count: 2000, seed: 0 }));
const eight = digits.batch([0, 1, 2, 3, 4, 5, 6, 7], 'float32');

/** The model of the text, 784-64-4. */
const model = (): VAE =>
  new VAE({ features: 784, hidden: [64], latent: 4 }, { stream: new Random(0).stream('init') });

function trained(): VAE {
  const vae = model();
  for (const _ of new Trainer(vae, { train: digits, epochs: 20 }).run());
  return vae;
}

/** The error of a finite difference against its step. */
function stepSize(vae: VAE): Chart {
  const epsilon = normal([8, 4], new Random(3).stream('epsilon'));
  const { points } = errorCurve(vae, eight, epsilon, 'logvar');
  return {
    title: 'A central difference of dL/dlogvar in float64: error against step',
    x: { label: 'step h', log: true },
    y: { label: 'relative error', log: true },
    series: [{ name: 'error', points: points.map(({ step, error }) => [step, error] as const) }],
  };
}

/** KL of each latent dimension while the KL is weighed twenty times. */
function collapse(): Chart {
  const recorder = new LedgerRecorder(new Trainer(model(), { train: digits, epochs: 40, beta: 20 }), {
    every: 16,
  });
  for (const _ of recorder.run());
  return {
    title: 'Posterior collapse at beta 20: the KL of each latent dimension',
    x: { label: 'gradient steps' },
    y: { label: 'KL, nats per example' },
    series: [0, 1, 2, 3].map((dimension) => ({
      name: `dimension ${dimension}`,
      points: recorder.records.map(({ at, dimensions }) => [at, dimensions[dimension].kl] as const),
    })),
  };
}

/** Variance of the gradient by the posterior means against the number of draws averaged. */
function variance(vae: VAE): Chart {
  const { estimators } = benchEstimators(vaePoint(vae, eight), { samples: 512, reference: 1024 });
  return {
    title: 'The gradient by the posterior means: variance against draws',
    x: { label: 'draws averaged', log: true },
    y: { label: 'total variance', log: true },
    series: estimators.map(({ title, groups }) => ({
      name: title,
      points: (groups.find(({ group }) => group === 'mean')?.at ?? []).map(
        ({ samples, expectedVariance }) => [samples, expectedVariance] as const,
      ),
    })),
  };
}

/** Bias and spread of the relaxation against its temperature. */
function temperature(): Chart {
  const bits = new BernoulliVae({ features: 784, hidden: 32, bits: 6, stream: new Random(0).stream('init') });
  trainByEnumeration(bits, digits);
  const { length, estimators } = benchDiscrete(discretePoint(bits, eight), {
    samples: 4096,
    temperatures: [4, 2, 1, 0.5, 0.25],
  });
  const relaxed = estimators.flatMap(({ temperature, bias, variance }) =>
    temperature === null ? [] : [{ temperature, bias, spread: Math.sqrt(variance) }],
  );
  const curve = (name: string, of: (row: (typeof relaxed)[number]) => number) => ({
    name,
    points: relaxed.map((row) => [row.temperature, of(row) / length] as const),
  });
  return {
    title: 'Relaxed bits: what a lower temperature buys, and its price',
    x: { label: 'temperature', log: true },
    y: { label: 'share of the exact gradient', log: true },
    series: [curve('bias', ({ bias }) => bias), curve('spread of one draw', ({ spread }) => spread)],
  };
}

/** The figures by the names of their files. */
export function figures(): Map<string, string> {
  const vae = trained();
  const charts = {
    'step-size': stepSize(vae),
    collapse: collapse(),
    variance: variance(vae),
    temperature: temperature(),
  };
  return new Map(Object.entries(charts).map(([name, chart]) => [`${name}.svg`, chartSvg(chart)]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(FIGURES, { recursive: true });
  for (const [name, svg] of figures()) writeFileSync(join(FIGURES, name), svg);
}
