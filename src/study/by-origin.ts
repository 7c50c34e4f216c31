/** Where a gradient comes from. */
export const ORIGINS = ['total', 'reconstruction', 'kl'] as const;
/** Where a gradient comes from: the whole loss, or one of its two terms. */
export type Origin = (typeof ORIGINS)[number];

/** A value for the whole loss and for each of its two terms. */
export type ByOrigin<T> = Readonly<Record<Origin, T>>;

/** Makes one thing for each origin. */
export const byOrigin = <T>(make: (origin: Origin) => T): ByOrigin<T> => ({
  total: make('total'),
  reconstruction: make('reconstruction'),
  kl: make('kl'),
});
