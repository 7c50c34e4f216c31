/** The figures of docs/reparameterization.md, of what its snippets compute. */
import { chartSvg } from '../src/cli/study/chart.js';
import { normal, Random, type Tensor } from '../src/index.js';
import {
  type Chart,
  type DiscreteReport,
  type EstimatorReport,
  errorCurve,
  type LedgerRecord,
} from '../src/study/index.js';
import type { VAE } from '../src/vae.js';

/** What the snippets leave, by their names. */
export interface Computed {
  /** 784-64-4, trained, and eight digits. */
  readonly vae: VAE;
  readonly eight: Tensor;
  /** Of a model whose KL is weighed twenty times. */
  readonly recorder: { readonly records: readonly LedgerRecord[] };
  readonly report: EstimatorReport;
  readonly discrete: DiscreteReport;
}

/** The error of a finite difference against its step. */
function stepSize({ vae, eight }: Computed): Chart {
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
function collapse({ recorder }: Computed): Chart {
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
function variance({ report }: Computed): Chart {
  return {
    title: 'The gradient by the posterior means: variance against draws',
    x: { label: 'draws averaged', log: true },
    y: { label: 'total variance', log: true },
    series: report.estimators.map(({ title, groups }) => ({
      name: title,
      points: (groups.find(({ group }) => group === 'mean')?.at ?? []).map(
        ({ samples, expectedVariance }) => [samples, expectedVariance] as const,
      ),
    })),
  };
}

/** Bias and spread of the relaxation against its temperature. */
function temperature({ discrete: { length, estimators } }: Computed): Chart {
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
export function figures(computed: Computed): Map<string, string> {
  const charts = {
    'step-size': stepSize(computed),
    collapse: collapse(computed),
    variance: variance(computed),
    temperature: temperature(computed),
  };
  return new Map(Object.entries(charts).map(([name, chart]) => [`${name}.svg`, chartSvg(chart)]));
}
