import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type PresetName, presets, type VAEConfig } from '../../vae/index.js';
import type { DataSpec } from '../../vae/run/spec.js';
import { Failure, UsageError } from '../errors.js';

/** The options of `train`, as they come from the command line. */
export interface TrainFlags {
  readonly data?: string;
  readonly preset?: PresetName;
  readonly hidden?: readonly number[];
  readonly latent?: number;
  readonly likelihood?: 'bernoulli' | 'gaussian';
  readonly sigma?: number | 'learned';
  readonly beta?: number;
  readonly warmup?: number;
  readonly freeBits?: number;
  readonly binarize?: boolean;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly clipNorm?: number;
  readonly seed?: number;
  readonly limit?: number;
  readonly out?: string;
  readonly resume?: string;
  readonly offline?: boolean;
  readonly json?: boolean;
  readonly threads?: number;
  readonly memory?: number;
}

/** What a new run is made of, before its data is loaded. */
export interface NewRun {
  readonly preset: PresetName;
  readonly data: DataSpec;
  readonly model: Omit<VAEConfig, 'features' | 'activation'>;
  readonly training: {
    readonly epochs: number;
    readonly batchSize: number;
    readonly learningRate: number;
    readonly clipNorm: number | undefined;
    readonly beta: number;
    readonly warmupEpochs: number;
    readonly freeBits: number;
    readonly binarize: boolean;
    readonly seed: number;
  };
}

const DEFAULTS = { epochs: 10, batchSize: 128, learningRate: 1e-3 } as const;

/** Options that may be given together with --resume. */
const WITH_RESUME: readonly string[] = ['resume', 'epochs', 'offline', 'json', 'threads', 'memory', 'debug'];

const optionName = (flag: string): string => `--${flag.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;

/** @throws UsageError when options are given that a resumed run takes from its folder. */
export function checkResumeFlags(flags: TrainFlags): void {
  const others = Object.entries(flags).filter(
    ([name, value]) => value !== undefined && !WITH_RESUME.includes(name),
  );
  if (others.length === 0) return;
  const names = others.map(([name]) => optionName(name)).join(', ');
  throw new UsageError(
    `--resume goes on with the settings of its run, so it cannot be combined with ${names}; only --epochs may change`,
  );
}

async function dataSpec(flags: TrainFlags, seed: number): Promise<DataSpec> {
  const { data = 'glyphs', limit } = flags;
  // Testing on many more examples than one trains on would take most of the time.
  const most = limit ?? null;
  if (data === 'glyphs' || data === 'mnist')
    return { source: data, folder: null, seed, train: most, test: most };
  const folder = resolve(data);
  const info = await stat(folder).catch(() => null);
  if (info === null) {
    throw new Failure(
      `--data ${data}: there is no such folder; give glyphs, mnist, or a folder of four IDX files`,
    );
  }
  if (!info.isDirectory())
    throw new Failure(`--data ${data} is a file; give the folder that holds the four IDX files`);
  return { source: 'folder', folder, seed, train: most, test: most };
}

/**
 * Completes the options of a new run: what is not given comes from the preset.
 * @throws UsageError for options that contradict each other; Failure when the data's folder does not exist.
 */
export async function newRun(flags: TrainFlags): Promise<NewRun> {
  const preset = flags.preset ?? 'latent2';
  const base = presets[preset];
  const likelihood = flags.likelihood ?? base.likelihood;
  if (flags.sigma !== undefined && likelihood !== 'gaussian') {
    throw new UsageError(
      `--sigma belongs to the Gaussian likelihood, but this run has ${likelihood}; add --likelihood gaussian or leave out --sigma`,
    );
  }
  const seed = flags.seed ?? 0;
  return {
    preset,
    data: await dataSpec(flags, seed),
    model: {
      hidden: flags.hidden ?? base.hidden,
      latent: flags.latent ?? base.latent,
      likelihood,
      sigma: typeof flags.sigma === 'number' ? flags.sigma : Math.SQRT1_2,
      learnSigma: flags.sigma === 'learned',
    },
    training: {
      epochs: flags.epochs ?? DEFAULTS.epochs,
      batchSize: flags.batchSize ?? DEFAULTS.batchSize,
      learningRate: flags.learningRate ?? DEFAULTS.learningRate,
      clipNorm: flags.clipNorm,
      beta: flags.beta ?? 1,
      warmupEpochs: flags.warmup ?? 0,
      freeBits: flags.freeBits ?? 0,
      binarize: flags.binarize ?? false,
      seed,
    },
  };
}
