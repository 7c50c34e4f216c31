import { choice, integer, optional, text, type Values } from '../../nn/schema/index.js';

/** The most examples of a part. */
const most = (help: string) => optional(integer({ min: 1, help }));

/** What has a name of its own, with words for its examples; 'folder' stands for what has none. */
const SOURCES = {
  glyphs: 'glyphs',
  'glyphs-color': 'glyphs in colour',
  mnist: 'MNIST digits',
  cifar10: 'CIFAR-10 images',
  'fashion-mnist': 'Fashion-MNIST images',
  kmnist: 'KMNIST characters',
  'emnist-balanced': 'EMNIST characters',
  'emnist-byclass': 'EMNIST characters',
  'emnist-bymerge': 'EMNIST characters',
  'emnist-digits': 'EMNIST digits',
  'emnist-letters': 'EMNIST letters',
  'emnist-mnist': 'EMNIST digits',
  folder: 'examples',
} as const;

/** Where a run's examples come from: plain JSON, kept in config.json. */
export const dataSchema = {
  source: choice(SOURCES, { help: 'where the examples come from' }),
  /** The path of a folder, absolute or from the run folder; null for the other sources. */
  folder: optional(text({ need: 'the path of a folder', help: 'a folder of data' })),
  /** Seed of the glyphs. */
  seed: integer({ min: 0, help: 'decides the glyphs' }),
  /** The most examples to train and to test on; null for all there are. */
  train: most('examples to train on'),
  test: most('examples to test on'),
};

/** The names of data that `--data` takes beside the path of a folder. */
export const dataNames = Object.keys(SOURCES).filter((name) => name !== 'folder');

/** The source of a name; undefined for what is none, and may be the path of a folder. */
export const sourceNamed = (name: string): DataSpec['source'] | undefined =>
  dataNames.includes(name) ? dataSchema.source.accept(name) : undefined;

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
