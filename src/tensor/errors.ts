/** A shape, axis or index does not fit; the message says which op, what it got and what it needs. */
export class ShapeError extends Error {
  override name = 'ShapeError';
}

/** Element types do not fit together, or a value is not a tensor at all. */
export class DTypeError extends Error {
  override name = 'DTypeError';
}
