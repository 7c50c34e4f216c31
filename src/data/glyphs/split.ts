/** MNIST's sizes. The drawn test digits are those behind the training digits: numbers 60,000 and up of the same seed. */
export const GLYPH_SPLIT = { train: 60_000, test: 10_000 } as const;
