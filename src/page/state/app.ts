import type { EpochMetrics } from '../../vae/training/index.js';
import { NO_HISTORY, type Point } from '../shared/history.js';
import type { Stroke } from '../shared/ink.js';
import type { Settings } from '../shared/settings.js';
import type { EngineFacts, ImageShape, Place } from '../shared/training.js';
import { type Address, parseAddress, type ViewName } from './address.js';
import { reactive } from './reactive.js';

/** A message for the person. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  /** Something went wrong, or is only good to know. */
  readonly kind: 'problem' | 'note';
}

/** A training that can be gone back to, and what took its place. */
export interface Past extends Place {
  readonly by: 'start over' | 'settings' | 'file' | 'address';
}

const first = parseAddress(location.hash).address;

/** Everything that the views show and the transport changes. */
class AppState {
  /** What the address holds, with {@link step}. */
  view: ViewName = first.view;
  settings: Settings = first.settings;
  params: Readonly<Record<string, string>> = first.params;

  /** Gradient steps that the model has taken. */
  step = 0;
  /** Includes catching up with the step of a link while 'starting'; 'pausing' until the engine has heard of it. */
  status: 'starting' | 'ready' | 'training' | 'pausing' | 'lost' = 'starting';
  /** The step to catch up with; null when there is none. */
  goal: number | null = null;
  /** Steps a second. */
  pace: number | 'full' = 'full';
  /** What the engine found in this browser; null until it has started. */
  facts: EngineFacts | null = null;
  /** Changes whenever a model is made; events from earlier sessions are ignored. */
  session = 0;
  /** The file that the training came from, by a number of its own; null where it follows from the settings. */
  origin: string | null = null;
  /** The trainings that others took the place of, the last one last. */
  past: readonly Past[] = [];
  /** Height and width of the images. */
  image: ImageShape = { rows: 28, columns: 28 };

  /** The terms of the objective so far, at each step or as means over several steps. */
  history = NO_HISTORY;
  /** The terms of the training before this one, for its curves as ghosts. */
  previous = NO_HISTORY;
  /** The terms at the last step. */
  lastPoint: Point | null = null;
  /** The metrics of each whole epoch. */
  epochs: readonly EpochMetrics[] = [];

  /** The strokes of a digit while the pen is down; null when it is up. */
  drawing: readonly Stroke[] | null = null;
  /** The person's own files, kept so that a restarted engine can be given them again. */
  ownFiles: readonly File[] = [];
  /** Whether files are held over the window. */
  dropping = false;
  /** The file that is being read, and how much of it has been. */
  reading: { readonly file: string; readonly done: number; readonly total: number } | null = null;
  /** The newest last. */
  notices: readonly Notice[] = [];

  get lastEpoch(): EpochMetrics | null {
    return this.epochs.at(-1) ?? null;
  }

  /** Whether nothing changes the model by itself. */
  get still(): boolean {
    return this.status === 'ready';
  }

  get address(): Address {
    const { view, settings, step, params } = this;
    return { view, settings, at: step, params };
  }
}

/** The state of the page; `training.ts`, `navigation.ts` and `files.ts` hold the actions that change it. */
export const app = reactive(new AppState());

/** Sets a parameter of the view, kept in the address; null removes it. */
export function setParam(name: string, value: string | null): void {
  const { [name]: _, ...others } = app.params;
  app.params = value === null ? others : { ...others, [name]: value };
}
