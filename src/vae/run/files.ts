import type { EpochMetrics } from '../training/index.js';
import type { RunConfig } from './config.js';

/** The names in a run folder. */
export const FILES = {
  config: 'config.json',
  metrics: 'metrics.jsonl',
  checkpoint: 'checkpoint.safetensors',
  samples: 'samples.png',
  reconstructions: 'reconstructions.png',
  latent: 'latent.png',
  manifold: 'manifold.png',
  denoised: 'denoised.png',
  styles: 'styles.png',
  report: 'report.html',
  evaluation: 'evaluation.json',
} as const;

export type RunFile = keyof typeof FILES;

/** What config.json holds. */
export const configText = (config: RunConfig): string => `${JSON.stringify(config, null, 2)}\n`;

/** What metrics.jsonl holds: one line of JSON for each epoch. */
export const metricsText = (history: readonly EpochMetrics[]): string =>
  history.map((metrics) => `${JSON.stringify(metrics)}\n`).join('');
