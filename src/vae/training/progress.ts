import type { JsonReader } from '../../nn/schema/json.js';
import type { Evaluation } from '../evaluate.js';
import type { EpochMetrics, Metrics } from './events.js';

/** Blocks used so far of the streams that go on from step to step. */
export interface StreamPositions {
  readonly epsilon: number;
  readonly binarize: number;
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
  readonly sums: Metrics;
  readonly positions: StreamPositions;
}

/** What tells one data set from another. */
export interface DataIdentity {
  readonly size: number;
  readonly features: number;
  /** A hash of some of its examples. */
  readonly hash: number;
}

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

/** The epochs of a checkpoint, which must be numbered from 1. */
export const readHistory = (json: JsonReader): EpochMetrics[] =>
  json.items().map((item, i) => {
    const test = item.at('test');
    if (item.at('epoch').count() !== i + 1) item.at('epoch').fail(String(i + 1));
    return {
      epoch: i + 1,
      seconds: item.at('seconds').number(),
      train: readMetrics(item.at('train')),
      ...(test.isMissing ? {} : { test: readEvaluation(test) }),
    };
  });

export const readProgress = (json: JsonReader): Progress => ({
  epoch: json.at('epoch').count(),
  step: json.at('step').count(),
  seconds: json.at('seconds').number(),
  sums: readMetrics(json.at('sums')),
  positions: {
    epsilon: json.at('positions').at('epsilon').count(),
    binarize: json.at('positions').at('binarize').count(),
  },
});

export const readIdentity = (json: JsonReader): DataIdentity => ({
  size: json.at('size').count(),
  features: json.at('features').count(),
  hash: json.at('hash').count(0xffff_ffff),
});
