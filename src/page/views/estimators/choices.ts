import { choice, integer, list, optional, text, type Values } from '../../../nn/schema/index.js';
import { estimatorNames } from '../../../study/estimators/names.js';

/** One coordinate of the gradient: by mean or logvar, at one dimension of z. */
export interface Coordinate {
  readonly part: 'mean' | 'logvar';
  readonly dimension: number;
}

export const BATCHES = ['1', '4', '16', '64'] as const;
export const DRAWS = ['256', '1024', '4096'] as const;
export const MAX_PRECISION = 1_000_000;

const coordinate = (help: string) => optional(text({ need: "a coordinate, as 'mean.0'", help }));

/** What the address keeps of this view. */
export const estimatorsSchema = {
  batch: choice(BATCHES, { default: '16', help: 'examples in the batch, at most' }),
  draws: choice(DRAWS, { default: '1024', help: 'draws of epsilon' }),
  x: coordinate('the coordinate across'),
  y: coordinate('the coordinate up'),
  of: text({ default: '0', need: "an example of the batch, or 'all'", help: 'whose gradient' }),
  group: optional(text({ need: 'a group of parameters', help: 'what the numbers are about' })),
  show: list(choice(estimatorNames, { help: 'an estimator' }), {
    default: estimatorNames,
    help: 'the estimators shown',
  }),
  zoom: choice(estimatorNames, { default: 'pathwise', help: 'the estimator that the close-up shows' }),
  precision: integer({
    min: 1,
    max: MAX_PRECISION,
    default: 1,
    help: 'compare at the precision of so many pathwise draws',
  }),
};

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

/** The choices in the address for a model: those that do not fit it are replaced by defaults. */
export function choicesFor(
  params: Values<typeof estimatorsSchema>,
  {
    latent,
    batch,
    groups,
  }: {
    readonly latent: number;
    readonly batch: number;
    readonly groups: readonly { readonly name: string }[];
  },
) {
  const known = coordinates(latent);
  const coordinate = (name: string | null, otherwise: Coordinate): Coordinate =>
    known.find((one) => coordinateName(one) === name) ?? otherwise;
  const example = Number(params.of);
  const isExample = params.of.trim() !== '' && Number.isInteger(example) && example >= 0 && example < batch;
  const group =
    groups.find(({ name }) => name === params.group) ?? groups.find(({ name }) => name === 'encoder');
  return {
    ...params,
    draws: Number(params.draws),
    x: coordinate(params.x, { part: 'mean', dimension: 0 }),
    y: coordinate(params.y, latent > 1 ? { part: 'mean', dimension: 1 } : { part: 'logvar', dimension: 0 }),
    /** An example of the batch, or the sum over all. */
    of: params.of === 'all' ? ('all' as const) : isExample ? example : 0,
    group: group?.name ?? 'mean',
    shown: new Set(params.show),
  };
}

export type Choices = ReturnType<typeof choicesFor>;
