import { choice, integer, optional, text, type Values } from '../../nn/schema/index.js';

/** The most examples of a part. */
const most = (help: string) => optional(integer({ min: 1, help }));

/** Where a run's examples come from: plain JSON, kept in config.json. */
export const dataSchema = {
  source: choice(['glyphs', 'mnist', 'folder'], { help: 'where the examples come from' }),
  /** The path of a folder of IDX files, absolute or from the run folder; null for the other sources. */
  folder: optional(text({ need: 'the path of a folder', help: 'a folder of IDX files' })),
  /** Seed of the glyphs. */
  seed: integer({ min: 0, help: 'decides the glyphs' }),
  /** The most examples to train and to test on; null for all there are. */
  train: most('examples to train on'),
  test: most('examples to test on'),
};

export type DataSpec = Values<typeof dataSchema>;

const channels = integer({ min: 1, default: 1, help: 'numbers for each pixel: 1 for gray, 3 for colour' });

/** What the images have: numbers for each pixel, height and width in pixels. */
export const imageSchema = {
  channels: {
    ...channels,
    need: '1 or 3',
    accept: (value: unknown) => (value === 1 || value === 3 ? value : undefined),
  },
  rows: integer({ min: 1, help: 'height in pixels' }),
  columns: integer({ min: 1, help: 'width in pixels' }),
};
