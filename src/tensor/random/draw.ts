/** What random words are made into. */
export type Draw =
  /** Words as they are. */
  | { readonly kind: 'words' }
  /** Uniform numbers; see `RandomStream.uniform`. */
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly std: number }
  /** Zeros and ones, by one probability or one for each element. */
  | { readonly kind: 'bernoulli'; readonly probability: number | ArrayLike<number> };

/** Where in which sequence of random blocks a fill begins. */
export interface DrawSource {
  /** The four words that name the sequence. */
  readonly identity: Uint32Array;
  /** The number of the fill's first block. */
  readonly block: number;
}
