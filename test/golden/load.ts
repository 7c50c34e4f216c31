import { readFileSync } from 'node:fs';

/** A tensor's values in float64, row-major. `shape` is `[]` for a scalar. */
export interface GoldenArray {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export type GoldenArrays = Readonly<Record<string, GoldenArray>>;

interface Provenance {
  /** The script beside the file that wrote it. */
  readonly madeBy: string;
  /** The version of PyTorch that computed the values. */
  readonly torch: string;
}

export interface SgdHyper {
  readonly lr: number;
  readonly momentum: number;
  readonly dampening: number;
  readonly weight_decay: number;
  readonly nesterov: boolean;
}

export interface AdamHyper {
  readonly lr: number;
  readonly betas: readonly [number, number];
  readonly eps: number;
  readonly weight_decay: number;
  readonly amsgrad: boolean;
}

export interface OptimizerCheckpoint {
  /** Updates made so far. */
  readonly step: number;
  readonly loss: number;
  readonly parameters: { readonly W: GoldenArray; readonly b: GoldenArray };
}

export type OptimizerRun = {
  readonly name: string;
  readonly checkpoints: readonly OptimizerCheckpoint[];
} & (
  | { readonly optimizer: 'SGD'; readonly hyper: SgdHyper }
  | { readonly optimizer: 'Adam' | 'AdamW'; readonly hyper: AdamHyper }
);

/** Trajectories on a problem that `problem` states; gradient = coefficient * tanh(parameter - target). */
export interface OptimizersGolden extends Provenance {
  readonly problem: string;
  readonly start: { readonly W: GoldenArray; readonly b: GoldenArray };
  readonly target: { readonly W: GoldenArray; readonly b: GoldenArray };
  readonly coefficient: { readonly W: GoldenArray; readonly b: GoldenArray };
  readonly startLoss: number;
  readonly runs: readonly OptimizerRun[];
}

export interface Schedule {
  readonly name: string;
  /** PyTorch's class. */
  readonly scheduler: string;
  readonly baseLr: number;
  /** The scheduler's arguments under PyTorch's names. */
  readonly arguments: Readonly<Record<string, number>>;
  /** The rate in epoch 0, 1, ..., `epochs`: one more than there are epochs. */
  readonly lr: readonly number[];
}

export interface SchedulesGolden extends Provenance {
  readonly meaning: string;
  readonly epochs: number;
  readonly schedules: readonly Schedule[];
}

export interface VaeCase {
  readonly name: string;
  readonly activation: 'relu' | 'tanh';
  readonly likelihood: 'bernoulli' | 'gaussian';
  readonly beta: number;
  /** The gaussian's sigma; 'learned' reads `likelihood.logsigma`; null for bernoulli. */
  readonly sigma: number | 'learned' | null;
  /** Weights that this case has beyond the shared ones. */
  readonly extraWeights: GoldenArrays;
  /** mean, logvar, z [5, 3] and logits [5, 12]. */
  readonly intermediates: VaeIntermediates;
  /** Terms before the mean over the batch, each [5]. */
  readonly perExample: { readonly reconstruction: GoldenArray; readonly kl: GoldenArray };
  /** Nats per example. */
  readonly loss: number;
  readonly reconstruction: number;
  readonly kl: number;
  /** Gradients of `loss` with respect to `intermediates`. */
  readonly intermediateGradients: VaeIntermediates;
  /** Gradients of `loss`, one for every weight, extra ones too. */
  readonly gradients: GoldenArrays;
  /** The losses that the three steps saw; the first is `loss`. */
  readonly losses: readonly number[];
  /** Weights after one and after three Adam steps. */
  readonly step1: GoldenArrays;
  readonly step3: GoldenArrays;
}

export interface VaeIntermediates {
  readonly mean: GoldenArray;
  readonly logvar: GoldenArray;
  readonly z: GoldenArray;
  readonly logits: GoldenArray;
}

export interface VaeStepGolden extends Provenance {
  readonly model: string;
  readonly lr: number;
  /** [5, 12], in [0, 1]. */
  readonly x: GoldenArray;
  /** [5, 3], standard normal. */
  readonly epsilon: GoldenArray;
  /** Starting weights by their state-dict names, shared by all cases. */
  readonly weights: GoldenArrays;
  readonly cases: readonly VaeCase[];
}

export interface FunctionCase {
  readonly name: string;
  /** The function's settings under PyTorch's names. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly note: string;
  readonly valueAtol: number;
  readonly gradientAtol: number;
  readonly inputs: GoldenArrays;
  /** The weights that `gradients` are taken with: those of sum(upstream * value). */
  readonly upstream: GoldenArray;
  readonly value: GoldenArray;
  /** One for each of `inputs`. */
  readonly gradients: GoldenArrays;
}

export interface FunctionsGolden extends Provenance {
  readonly meaning: string;
  readonly rtol: number;
  readonly cases: readonly FunctionCase[];
}

/** Statistics of a BatchNorm2d, one number for each channel. */
export interface RunningStatistics {
  readonly mean: GoldenArray;
  readonly variance: GoldenArray;
}

export interface ImagesGolden extends FunctionsGolden {
  readonly running: {
    readonly momentum: number;
    readonly batches: readonly GoldenArray[];
    /** After each of the batches, in training mode. */
    readonly after: readonly RunningStatistics[];
    /** The first batch in evaluation mode, after both. */
    readonly evaluated: GoldenArray;
  };
}

export interface GoldenFiles {
  readonly optimizers: OptimizersGolden;
  readonly schedules: SchedulesGolden;
  readonly vae_step: VaeStepGolden;
  readonly functions: FunctionsGolden;
  readonly images: ImagesGolden;
}

const specialNumbers: ReadonlyMap<unknown, number> = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['nan', Number.NaN],
]);

/**
 * Reads reference values made by PyTorch, with 'inf', '-inf' and 'nan' turned into numbers.
 *
 * @param name - the file's name without .json.
 * @throws Error when the file is missing, or holds an array whose data are not numbers or do not fill its shape.
 */
export function loadGolden<Name extends keyof GoldenFiles>(name: Name): GoldenFiles[Name] {
  const text = readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8');
  return JSON.parse(text, (key, value: unknown) => {
    const decoded = specialNumbers.get(value) ?? value;
    if (isArrayRecord(decoded)) checkArray(decoded, `${name}.json, '${key}'`);
    return decoded;
  });
}

/** |actual - expected| <= rtol * |expected| + atol, and the same infinity or NaN where those are expected. */
export function agrees(actual: number, expected: number, rtol: number, atol = 0): boolean {
  if (!Number.isFinite(expected)) return Object.is(actual, expected);
  return Math.abs(actual - expected) <= rtol * Math.abs(expected) + atol;
}

function isArrayRecord(value: unknown): value is { shape: unknown; data: unknown } {
  return typeof value === 'object' && value !== null && 'shape' in value && 'data' in value;
}

function checkArray({ shape, data }: { shape: unknown; data: unknown }, where: string): void {
  if (!isNumbers(shape) || !isNumbers(data)) {
    throw new Error(`loadGolden: ${where}: shape and data must be lists of numbers; make the file again`);
  }
  const size = shape.reduce((product, length) => product * length, 1);
  if (data.length !== size) {
    throw new Error(
      `loadGolden: ${where}: shape [${shape.join(', ')}] needs ${size} numbers, data has ${data.length}; ` +
        'make the file again',
    );
  }
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}
