import type { ImageFile } from './measure/images.js';
import type { Reading } from './protocol.js';
import type { Summary } from './report/statistics.js';

/** A process to run. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Added to the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Other processes that want a core each while it runs. Defaults to 0. */
  readonly busy?: number;
}

/** Whose figures: one library, possibly with several settings of its threads, of which tables show the best. */
export interface Who {
  /** 'pathwise', 'PyTorch', ... */
  readonly family: string;
  /** The family and its setting: 'PyTorch, OMP 2, OpenBLAS 1'. */
  readonly name: string;
  /** Threads it may use: its share of the limit is that of so many threads. */
  readonly threads: number;
}

/** One measuring process. */
export interface Job {
  readonly who: Who;
  readonly command: Command;
}

/** One row of one subject, over all repeats. */
export interface Measured extends Omit<Reading, 'values'> {
  readonly who: Who;
  readonly values: Readonly<Record<string, Summary>>;
}

/** Another library that can be measured here. */
export interface Peer {
  readonly who: Who;
  /** Suites that it has a measurement for. */
  readonly suites: readonly string[];
  command(suite: string, settings: object): Command;
}

/** What suites make their jobs from. */
export interface Context {
  readonly quick: boolean;
  readonly cores: number;
  /** The folder of the project. */
  readonly root: string;
  readonly peers: readonly Peer[];
  /** MNIST's training images, or glyphs. */
  readonly images: ImageFile | null;
  /** A part of bench/measure on the engine of this repository. */
  ours(part: string, settings: object, env?: Readonly<Record<string, string>>): Command;
}

export interface Suite {
  readonly name: string;
  /** One line: what is measured. */
  readonly doc: string;
  readonly needsImages?: boolean;
  /** In the order in which they run, one after another, once for each repeat. */
  jobs(context: Context): readonly Job[];
  /** Tables, and what is to be said of them. */
  report(results: readonly Measured[]): string;
}
