/** Where a run's examples come from: plain JSON, kept in config.json. */
export interface DataSpec {
  readonly source: 'glyphs' | 'mnist' | 'folder';
  /** The path of a folder of IDX files, absolute or from the run folder; null for the others. */
  readonly folder: string | null;
  /** Seed of the glyphs. */
  readonly seed: number;
  /** The most examples to train and to test on; null for all there are. */
  readonly train: number | null;
  readonly test: number | null;
}
