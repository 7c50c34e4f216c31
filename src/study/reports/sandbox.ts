import { formatError } from '../../tensor/format.js';
import type { EstimatorReport } from '../estimators/report.js';
import type { GradientComparison } from '../sandbox/compare.js';
import type { ImportanceBound } from '../sandbox/importance.js';
import { decimals, numbers, type Report, seriesOf, type Table, tableOf, words } from './report.js';

/** The batch's means at one stage of the training; nats per example. */
export interface SandboxStage {
  readonly stage: string;
  readonly evidence: number;
  readonly elbo: number;
  readonly gap: number;
  readonly klToPosterior: number;
}

/** What the linear-Gaussian VAE was made of, and what the engine gave beside the closed forms. */
export interface SandboxStudy {
  readonly features: number;
  readonly latent: number;
  readonly batch: number;
  readonly sigma: number;
  readonly seed: number;
  /** Draws of epsilon. */
  readonly samples: number;
  readonly stages: readonly SandboxStage[];
  readonly gradients: readonly GradientComparison[];
  readonly bounds: readonly ImportanceBound[];
  /** Estimators at posteriors that fit more and more. */
  readonly landing: readonly { readonly stage: string; readonly report: EstimatorReport }[];
}

const tablesOf = ({ stages, gradients, bounds, landing }: SandboxStudy): Table[] => [
  tableOf('log p(x) and the ELBO, closed forms, mean over the batch: the gap is KL(q || posterior)', stages, [
    words('', ({ stage }) => stage),
    numbers('log p(x)', ({ evidence }) => evidence, decimals(6)),
    numbers('ELBO', ({ elbo }) => elbo, decimals(6)),
    numbers('gap', ({ gap }) => gap, decimals(6)),
    numbers('KL(q || posterior)', ({ klToPosterior }) => klToPosterior, decimals(6)),
    numbers('difference', ({ gap, klToPosterior }) => Math.abs(gap - klToPosterior), formatError),
  ]),
  tableOf('Gradient of the negative ELBO at the start: largest difference from the closed form', gradients, [
    words('parameter', ({ parameter }) => parameter),
    numbers('numbers', ({ size }) => size, String),
    numbers('length', ({ length }) => length),
    numbers('autodiff', ({ autodiff }) => autodiff, formatError),
    numbers('finite differences', ({ finiteDifference }) => finiteDifference, formatError),
    numbers('pathwise, in errors', ({ monteCarloInErrors }) => monteCarloInErrors, decimals(1)),
    numbers('its error', ({ monteCarloError }) => monteCarloError),
  ]),
  tableOf(
    `The importance-weighted bound with K samples at the start; log p(x) is ${stages[0].evidence.toFixed(4)}`,
    bounds,
    [
      words('K', ({ samples }) => String(samples)),
      numbers('bound', ({ bound }) => bound, decimals(4)),
      numbers('standard error', ({ error }) => error),
      numbers('below log p(x)', ({ bound }) => stages[0].evidence - bound, decimals(4)),
    ],
  ),
  tableOf(
    'Variance of one draw of the gradient by mean, W with orthogonal columns: at the exact posterior one estimator lands',
    landing[0].report.estimators.map((_, k) => k),
    [
      words('estimator', (k) => landing[0].report.estimators[k].title),
      ...landing.map(({ stage, report: { estimators } }) =>
        numbers(stage, (k: number) => estimators[k].groups[0].variance),
      ),
    ],
  ),
];

/** A VAE of which everything is known, against the engine. */
export function sandboxReport(study: SandboxStudy): Report {
  const { features, latent, batch, sigma, seed, samples, stages, bounds } = study;
  return {
    name: 'sandbox',
    parts: [
      `A linear-Gaussian VAE of ${features} features and ${latent} latent dimensions, sigma ${sigma}, batch ${batch}, seed ${seed}, in float64; ` +
        `${samples} draws of epsilon.`,
      ...tablesOf(study),
    ],
    charts: {
      importance: {
        title: 'The importance-weighted bound tightens with K',
        x: { label: 'K', log: true },
        y: { label: 'nats per example' },
        series: [
          seriesOf(
            'bound',
            bounds,
            (one) => one.samples,
            ({ bound }) => bound,
          ),
          seriesOf(
            'log p(x)',
            bounds,
            (one) => one.samples,
            () => stages[0].evidence,
          ),
        ],
      },
    },
    data: study,
  };
}
