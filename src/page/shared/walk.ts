import type { Group, Origin, WalkNode } from '../../study/index.js';

/** The part of the batch that is looked at: an example, and a number along the other dimension. */
export interface Position {
  readonly row: number;
  readonly column: number;
}

/** 'element=3.1' of the address; defaults to the first of both. */
export function parsePosition(text: string | undefined): Position {
  const found = /^(\d{1,7})\.(\d{1,7})$/.exec(text ?? '');
  return found === null ? { row: 0, column: 0 } : { row: Number(found[1]), column: Number(found[2]) };
}

/** What {@link parsePosition} reads; null for the first of both. */
export const formatPosition = ({ row, column }: Position): string | null =>
  row === 0 && column === 0 ? null : `${row}.${column}`;

/** The element of a tensor nearest to a position. A list of one number per example takes the row, any other the column. */
export function elementAt(shape: readonly number[], batch: number, { row, column }: Position): number[] {
  if (shape.length === 0) return [];
  const requested = shape.length > 1 ? [row, column] : [shape[0] === batch ? row : column];
  return shape.map((size, d) => Math.min(requested[d] ?? 0, size - 1));
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
  /** Formulas for any element, of the value and of each gradient; null where there is none. */
  readonly formulas: { readonly value: string | null } & Readonly<Record<Origin, string | null>>;
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
  /** Gradient steps taken so far: the batch and the noise are those of the next one. */
  readonly at: number;
  readonly batch: number;
  readonly latent: number;
  readonly beta: number;
  readonly nodes: readonly NodeSummary[];
  /** The drawn nodes in the order of the forward pass, each with the drawn nodes it depends on. */
  readonly shown: readonly { readonly id: string; readonly inputs: readonly string[] }[];
  /** The drawn nodes in the order of the backward pass. */
  readonly backward: readonly string[];
}
