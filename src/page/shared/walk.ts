import type { Arrow, Group, Origin, TrickMode, WalkNode } from '../../study/index.js';

/** What the dimensions of tensors count. */
export const AXES = ['example', 'pixel', 'dimension', 'unit', 'input'] as const;
export type Axis = (typeof AXES)[number];

/** The numbers that are looked at: one along each kind of dimension. Without one, an inked pixel and the busiest unit. */
export type Position = Readonly<
  Record<Exclude<Axis, 'pixel' | 'unit'>, number> & Record<'pixel' | 'unit', number | null>
>;

/** The sizes that tell what a dimension counts. */
export interface Sizes {
  readonly batch: number;
  readonly features: number;
  readonly latent: number;
}

/** What each dimension of a tensor counts. A parameter has no examples. */
export function axesOf(shape: readonly number[], isParameter: boolean, sizes: Sizes): Axis[] {
  return shape.map((size, d) => {
    if (d === 0 && size === sizes.batch && !isParameter) return 'example';
    if (size === sizes.latent) return 'dimension';
    if (size % sizes.features === 0) return 'pixel';
    return d > 0 && isParameter ? 'input' : 'unit';
  });
}

/** The element of a tensor nearest to a position. */
export const elementAt = (
  shape: readonly number[],
  axes: readonly Axis[],
  position: Readonly<Record<Axis, number>>,
): number[] => shape.map((size, d) => Math.min(position[axes[d]], size - 1));

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
