import type { JsonReader } from '../../nn/schema/json.js';
import type { Evaluation } from '../evaluate.js';
import type { EpochMetrics, Metrics } from './events.js';

/** Numbers by name. */
export type Numbers = Readonly<Record<string, number>>;

/** Blocks used so far of the streams that go on from step to step. */
export interface StreamPositions {
  readonly epsilon: number;
  readonly binarize: number;
  /** Of the streams that layers draw from, by name, where there are any. */
  readonly layers?: Numbers;
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

/** What tells one data set from another. */
export interface DataIdentity {
  readonly size: number;
  readonly features: number;
  /** A hash of some of its examples. */
  readonly hash: number;
}

const readNumbers = (json: JsonReader): Numbers =>
  Object.fromEntries(Object.keys(json.object()).map((name) => [name, json.at(name).number()]));

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

/** What an epoch came to, whatever the model. */
export interface EpochRecord {
  readonly epoch: number;
  readonly seconds: number;
  readonly train: Numbers & { readonly loss: number };
  readonly test?: { readonly loss: number };
}

const readLoss = (json: JsonReader): Numbers & { readonly loss: number } => ({
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

/** The epochs of another model's checkpoint. */
export const readModelHistory = (json: JsonReader): EpochRecord[] => readEpochs(json, readLoss, readLoss);

export const readProgress = (json: JsonReader): Progress => ({
  epoch: json.at('epoch').count(),
  step: json.at('step').count(),
  seconds: json.at('seconds').number(),
  sums: readNumbers(json.at('sums')),
  positions: {
    epsilon: json.at('positions').at('epsilon').count(),
    binarize: json.at('positions').at('binarize').count(),
    ...(json.at('positions').at('layers').isMissing
      ? {}
      : { layers: readNumbers(json.at('positions').at('layers')) }),
  },
});

export const readIdentity = (json: JsonReader): DataIdentity => ({
  size: json.at('size').count(),
  features: json.at('features').count(),
  hash: json.at('hash').count(0xffff_ffff),
});
