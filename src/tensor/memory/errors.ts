/** A tensor made inside a scope was used after it. */
export class StaleTensorError extends Error {
  override readonly name = 'StaleTensorError';
}

/** Scopes and models need more memory than the engine may take, or an array more than there is. What was there before is whole. */
export class OutOfMemoryError extends Error {
  override readonly name = 'OutOfMemoryError';
}
