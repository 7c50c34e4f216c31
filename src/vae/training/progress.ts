import type { JsonReader } from '../../nn/schema/json.js';
import type { Evaluation } from '../evaluate.js';
import type { EpochMetrics, Metrics, MetricsOf } from './events.js';

/** Numbers by name. */
export type Numbers = Readonly<Record<string, number>>;

/** Blocks used so far of the streams that go on from step to step. */
export interface StreamPositions {
  readonly epsilon: number;
  readonly binarize: number;
  readonly noise: number;
  /** Of the streams that layers draw from, by name. */
  readonly layers: Numbers;
}

/** Where a training stands between two events; all of it plain JSON, whose numbers keep every bit of a float64. */
export interface Progress {
  /** Epochs completed. */
  readonly epoch: number;
  /** Steps done in the epoch under way. */
  readonly step: number;
  /** Time spent on the epoch under way. */
  readonly seconds: number;
  /** Sums over the examples of the epoch under way. */
  readonly sums: Numbers;
  readonly positions: StreamPositions;
}

const readNumbers = (json: JsonReader, read = (item: JsonReader) => item.number()): Numbers =>
  Object.fromEntries(Object.keys(json.object()).map((name) => [name, read(json.at(name))]));

const readMetrics = (json: JsonReader): Metrics => ({
  loss: json.at('loss').number(),
  reconstruction: json.at('reconstruction').number(),
  kl: json.at('kl').number(),
});

const readEvaluation = (json: JsonReader): Evaluation => ({
  ...readMetrics(json),
  elbo: json.at('elbo').number(),
  klPerDimension: json
    .at('klPerDimension')
    .items()
    .map((item) => item.number()),
  activeUnits: json.at('activeUnits').count(),
});

const readLoss = (json: JsonReader): MetricsOf<'loss'> => ({
  ...readNumbers(json),
  loss: json.at('loss').number(),
});

function readEpochs<Train, Test>(
  json: JsonReader,
  train: (json: JsonReader) => Train,
  evaluation: (json: JsonReader) => Test,
) {
  return json.items().map((item, i) => {
    const test = item.at('test');
    if (item.at('epoch').count() !== i + 1) item.at('epoch').fail(String(i + 1));
    return {
      epoch: i + 1,
      seconds: item.at('seconds').number(),
      train: train(item.at('train')),
      ...(test.isMissing ? {} : { test: evaluation(test) }),
    };
  });
}

/** The epochs of a VAE's checkpoint, which must be numbered from 1. */
export const readHistory = (json: JsonReader): EpochMetrics[] =>
  readEpochs(json, readMetrics, readEvaluation);

/** The epochs of another model's checkpoint, whose loss gave the terms K. */
export function readModelHistory<K extends string>(json: JsonReader): EpochMetrics<K>[];
export function readModelHistory(json: JsonReader): EpochMetrics<'loss'>[] {
  return readEpochs(json, readLoss, readLoss);
}

const readPositions = (json: JsonReader): StreamPositions => ({
  epsilon: json.at('epsilon').count(),
  binarize: json.at('binarize').count(),
  noise: json.at('noise').isMissing ? 0 : json.at('noise').count(),
  layers: json.at('layers').isMissing ? {} : readNumbers(json.at('layers'), (item) => item.count()),
});

export const readProgress = (json: JsonReader): Progress => ({
  epoch: json.at('epoch').count(),
  step: json.at('step').count(),
  seconds: json.at('seconds').number(),
  sums: readNumbers(json.at('sums')),
  positions: readPositions(json.at('positions')),
});
