/** The place in the batch that is looked at: an example, and a number along the other dimension. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** 'element=3.1' of the address; the first of both where it says nothing. */
export function parsePlace(text: string | undefined): Place {
  const found = /^(\d{1,7})\.(\d{1,7})$/.exec(text ?? '');
  return found === null ? { row: 0, column: 0 } : { row: Number(found[1]), column: Number(found[2]) };
}

/** What {@link parsePlace} reads; null for the first of both, which needs no word. */
export const formatPlace = ({ row, column }: Place): string | null =>
  row === 0 && column === 0 ? null : `${row}.${column}`;

/**
 * The element of a tensor that the place comes to: as near as its shape allows. A list of one number per example takes the row, any
 * other list the column.
 */
export function placeIn(shape: readonly number[], batch: number, { row, column }: Place): number[] {
  if (shape.length === 0) return [];
  const wanted = shape.length > 1 ? [row, column] : [shape[0] === batch ? row : column];
  return shape.map((size, d) => Math.min(wanted[d] ?? 0, size - 1));
}
