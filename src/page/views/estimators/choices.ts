import { type EstimatorName, estimatorNames } from '../../../study/estimators/names.js';

/** One coordinate of the gradient: by mean or logvar, at one dimension of z. */
export interface Coordinate {
  readonly part: 'mean' | 'logvar';
  readonly dimension: number;
}

/** What the address says of this view. */
export interface Choices {
  /** Maximum number of examples in the batch. */
  readonly batch: number;
  /** Draws of epsilon. */
  readonly draws: number;
  readonly x: Coordinate;
  readonly y: Coordinate;
  /** An example of the batch, or the sum over all. */
  readonly of: number | 'all';
  readonly group: string;
  readonly shown: ReadonlySet<EstimatorName>;
  /** The estimator that the close-up shows. */
  readonly zoom: EstimatorName;
  /** The others are compared with the precision of this many pathwise draws. */
  readonly precision: number;
}

export const BATCHES = [1, 4, 16, 64] as const;
export const DRAWS = [256, 1024, 4096] as const;
export const MAX_PRECISION = 1_000_000;

export const coordinateName = ({ part, dimension }: Coordinate): string => `${part}.${dimension}`;

/** 'dL/dmean 1': shown dimensions count from 1. */
export const coordinateTitle = ({ part, dimension }: Coordinate): string => `dL/d${part} ${dimension + 1}`;

/** All coordinates for `latent` dimensions. */
export const coordinates = (latent: number): Coordinate[] =>
  (['mean', 'logvar'] as const).flatMap((part) =>
    Array.from({ length: latent }, (_, dimension) => ({ part, dimension })),
  );

/** The indices of a coordinate in an estimate: gradients by mean [batch, latent], then by logvar. */
export function indicesOf(
  { part, dimension }: Coordinate,
  of: number | 'all',
  { batch, latent }: { readonly batch: number; readonly latent: number },
): number[] {
  const from = part === 'mean' ? 0 : batch * latent;
  const examples = of === 'all' ? Array.from({ length: batch }, (_, b) => b) : [of];
  return examples.map((b) => from + b * latent + dimension);
}

/** Reads the view's parameters; values that are invalid or do not fit the model are replaced by defaults. */
export function readChoices(
  params: Readonly<Record<string, string>>,
  {
    latent,
    batch: max,
    groups,
  }: { readonly latent: number; readonly batch: number; readonly groups: readonly string[] },
): Choices {
  const oneOf = <T>(text: string | undefined, values: readonly T[], otherwise: T): T =>
    values.find((value) => String(value) === text) ?? otherwise;
  const known = coordinates(latent);
  const coordinate = (name: 'x' | 'y', otherwise: Coordinate): Coordinate =>
    known.find((one) => coordinateName(one) === params[name]) ?? otherwise;
  const named = params.show?.split(',');
  const shown = estimatorNames.filter((name) => named?.includes(name) ?? true);
  const precision = Number(params.precision);
  const examples = Array.from({ length: max }, (_, b) => b);
  return {
    batch: oneOf(params.batch, BATCHES, 16),
    draws: oneOf(params.draws, DRAWS, 1024),
    x: coordinate('x', { part: 'mean', dimension: 0 }),
    y: coordinate('y', latent > 1 ? { part: 'mean', dimension: 1 } : { part: 'logvar', dimension: 0 }),
    of: params.of === 'all' ? 'all' : oneOf(params.of, examples, 0),
    group: oneOf(params.group, groups, groups.includes('encoder') ? 'encoder' : 'mean'),
    shown: new Set(shown),
    zoom: oneOf(params.zoom, estimatorNames, 'pathwise'),
    precision:
      Number.isSafeInteger(precision) && precision >= 1 && precision <= MAX_PRECISION ? precision : 1,
  };
}
