import type { Arrow, Group, Origin, TrickMode, WalkNode } from '../../study/index.js';

/** What the dimensions of tensors count. */
export const AXES = ['example', 'pixel', 'dimension', 'unit', 'input', 'channel', 'row', 'column'] as const;
export type Axis = (typeof AXES)[number];

/**
 * The numbers that are looked at: one along each kind of dimension. Without one, an inked pixel, the busiest unit or channel, the
 * middle of an image.
 */
export type Position = Readonly<Record<'example' | 'dimension', number>> &
  Readonly<Partial<Record<Axis, number | null>>>;

/** The sizes that tell what a dimension counts. */
export interface Sizes {
  readonly batch: number;
  readonly features: number;
  /** Numbers that the decoder puts out. */
  readonly outputs: number;
  readonly latent: number;
}

/** What a tensor is: 'transposed' is the weight of a transposed convolution, whose inputs come first. */
type Kind = 'value' | 'parameter' | 'transposed';

/** Images, and the filters of a convolution, which have a row and a column of their own. */
const PICTURES: Readonly<Record<Kind, Axis[]>> = {
  value: ['example', 'channel', 'row', 'column'],
  parameter: ['channel', 'input', 'row', 'column'],
  transposed: ['input', 'channel', 'row', 'column'],
};

/** What each dimension of a tensor counts. A parameter has no examples. */
export function axesOf(shape: readonly number[], kind: Kind, sizes: Sizes): Axis[] {
  if (shape.length === 4) return PICTURES[kind];
  return shape.map((size, d) => {
    if (d === 0 && size === sizes.batch && kind === 'value') return 'example';
    if (size === sizes.latent) return 'dimension';
    if (size === sizes.features || size === sizes.outputs) return 'pixel';
    return d > 0 && kind !== 'value' ? 'input' : 'unit';
  });
}

/** The element of a tensor nearest to a position: along a row or a column without one the middle, else the first. */
export const elementAt = (shape: readonly number[], axes: readonly Axis[], position: Position): number[] =>
  shape.map((size, d) => {
    const axis = axes[d];
    const otherwise = axis === 'row' || axis === 'column' ? Math.floor(size / 2) : 0;
    return Math.min(position[axis] ?? otherwise, size - 1);
  });

/** Which walk of the next step's batch: the noise as the address holds it, and what becomes of the trick. */
export interface WalkChoice {
  readonly epsilon: string;
  readonly trick: TrickMode;
}

/** A node of the walk without its arrays. */
export interface NodeSummary {
  readonly id: string;
  readonly label: string;
  readonly group: Group;
  readonly role: WalkNode['role'];
  readonly op: string;
  readonly doc: string;
  readonly inputs: readonly string[];
  readonly shape: readonly number[];
  /** What each dimension counts. */
  readonly axes: readonly Axis[];
  /** Means of |gradient| over the elements; null where no gradient arrives. */
  readonly magnitudes: Readonly<Record<Origin, number | null>>;
  /** The element at the chosen position, and its numbers. */
  readonly element: readonly number[];
  readonly value: number;
  readonly gradient: Readonly<Record<Origin, number | null>>;
}

/** One batch through the model and back, as the view draws it. */
export interface WalkPicture {
  /** Identifies the walk: answers with the same number belong together. */
  readonly walk: number;
  readonly trick: TrickMode;
  /** Gradient steps taken so far: the batch and the noise are those of the next one. */
  readonly at: number;
  readonly batch: number;
  readonly latent: number;
  readonly beta: number;
  readonly nodes: readonly NodeSummary[];
  /** The drawn nodes in the order of the forward pass, each with the drawn nodes it depends on. */
  readonly shown: readonly { readonly id: string; readonly inputs: readonly string[] }[];
  readonly arrows: readonly Arrow[];
  /** The nodes from which the three backward passes start. */
  readonly starts: Readonly<Record<Origin, string>>;
  /** The drawn nodes in the order of the backward pass; where the trick is missing, those too that no gradient reaches. */
  readonly backward: readonly string[];
}
