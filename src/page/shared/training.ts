import type { ImageShape } from '../../data/images.js';
import type { EpochMetrics } from '../../vae/training/index.js';
import type { History, Point } from './history.js';
import type { Settings } from './settings.js';

export type { ImageShape };

/** What the engine found in this browser. */
export interface EngineFacts {
  /** 'simd' on WebAssembly, or 'plain' where that cannot be had. */
  readonly backend: string;
  readonly threads: number;
  /** What is refused in this browser and makes the engine slower, a sentence each. */
  readonly limits: readonly string[];
  /** Whether the page is one whose threads may share memory. */
  readonly isolated: boolean;
}

/** Steps a second. */
export type Pace = number | 'full';

/** A training as it was: enough to come back to it. */
export interface Place {
  readonly settings: Settings;
  /** Gradient steps taken. */
  readonly at: number;
  /** The file that it came from, by a number of its own; null where it follows from the settings. */
  readonly origin: string | null;
}

/** A session that has been opened. */
export interface Opened extends Place {
  readonly image: ImageShape;
  readonly epochs: readonly EpochMetrics[];
  readonly curve: History;
  readonly running: boolean;
  /** The person's own files, where there is a data set of them. */
  readonly files: readonly File[];
  /** The training that it takes the place of; null where that had taken no step. */
  readonly left: Place | null;
}

/** What the worker reports unasked. `session` is the number that the window gave when it opened the session. */
export type LabEvent =
  | { readonly type: 'ready'; readonly facts: EngineFacts }
  /** How much of a file has been read. */
  | { readonly type: 'reading'; readonly file: string; readonly done: number; readonly total: number }
  /** Good to know: that nothing can be kept here, say. */
  | { readonly type: 'note'; readonly text: string }
  /** A checkpoint has been found: the training goes on from there. */
  | { readonly type: 'found'; readonly session: number; readonly opened: Opened }
  /** Training, or catching up with the step of a link. */
  | {
      readonly type: 'progress';
      readonly session: number;
      /** The steps since the last event. */
      readonly points: readonly Point[];
      /** The epochs that have ended since the last event. */
      readonly epochs: readonly EpochMetrics[];
      readonly at: number;
    }
  /** Paused, arrived at the requested step, or failed. */
  | {
      readonly type: 'stopped';
      readonly session: number;
      readonly at: number;
      readonly problem: string | null;
    };

/** The largest file that the page reads, in bytes, and the most that one may unpack to. */
export const MAX_FILE_BYTES = 2 ** 29;

/** The data set made of the person's files, or what is missing. */
export type OwnAnswer =
  | { readonly missing: string }
  | ({ readonly missing: null; readonly train: number; readonly test: number } & ImageShape);
