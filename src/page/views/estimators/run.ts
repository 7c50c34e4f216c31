import { signal, batch as together } from '@preact/signals';
import { estimatorNames } from '../../../study/estimators/names.js';
import type { EstimatorReport } from '../../../study/estimators/report.js';
import type { EstimatorsBegun, EstimatorsPart } from '../../shared/estimators.js';
import { wordsOf } from '../../state/notices.js';
import { ask } from '../../state/training.js';

/** Draws for the reference. */
export const REFERENCE_DRAWS = 512;

/** The estimates of one estimator, draw after draw, in a growing array. */
class Estimates {
  private data = new Float32Array(0);
  private used = 0;

  constructor(private readonly width: number) {}

  add(more: Float32Array): void {
    if (this.used + more.length > this.data.length) {
      const larger = new Float32Array(Math.max(2 * this.data.length, this.used + more.length));
      larger.set(this.data.subarray(0, this.used));
      this.data = larger;
    }
    this.data.set(more, this.used);
    this.used += more.length;
  }

  /** For each draw, the sum of the numbers at `indices`. */
  at(indices: readonly number[]): Float32Array {
    const out = new Float32Array(this.used / this.width);
    for (let k = 0; k < out.length; k++)
      for (const index of indices) out[k] += this.data[k * this.width + index];
    return out;
  }
}

/** A comparison so far. */
export interface Comparison {
  readonly about: EstimatorsBegun;
  readonly estimates: ReadonlyMap<string, Estimates>;
  readonly reference: Float32Array | null;
  readonly report: EstimatorReport | null;
  readonly referenceDone: number;
  readonly done: number;
}

export const comparison = signal<Comparison | null>(null);
export const activity = signal<'idle' | 'drawing' | 'paused' | 'done'>('idle');
export const problem = signal<string | null>(null);

/** Milliseconds between updates of the view: many parts arrive each second. */
const BETWEEN = 200;

let newest: Comparison | null = null;
let shown = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
/** The number of the last request; answers to earlier ones are ignored. */
let current = 0;

function showSoon(): void {
  if (timer !== undefined) return;
  timer = setTimeout(
    () => {
      timer = undefined;
      shown = performance.now();
      comparison.value = newest;
    },
    Math.max(0, shown + BETWEEN - performance.now()),
  );
}

function showNow(): void {
  clearTimeout(timer);
  timer = undefined;
  comparison.value = newest;
}

function take(part: EstimatorsPart): void {
  if (newest === null) return;
  if (part.phase === 'reference') newest = { ...newest, referenceDone: part.done };
  else {
    for (const [name, more] of Object.entries(part.estimates)) newest.estimates.get(name)?.add(more);
    newest = { ...newest, done: part.done, reference: part.reference, report: part.report };
  }
  showSoon();
}

/** Runs a request that replaces all earlier ones. */
async function doing(work: (mine: () => boolean) => Promise<void>): Promise<void> {
  const number = ++current;
  const mine = (): boolean => current === number;
  try {
    await work(mine);
  } catch (error) {
    if (!mine()) return;
    together(() => {
      problem.value = wordsOf(error);
      activity.value = 'paused';
    });
  }
}

async function drawUntil(draws: number, mine: () => boolean): Promise<void> {
  const { about } = newest ?? {};
  if (about === undefined) return;
  activity.value = 'drawing';
  await ask('estimatorsDraw', { id: about.id, reference: REFERENCE_DRAWS, draws }, (part) => {
    if (newest?.about.id === about.id) take(part);
  });
  if (!mine()) return;
  together(() => {
    showNow();
    activity.value = (newest?.done ?? 0) >= draws ? 'done' : 'paused';
  });
}

/** Begins a comparison with the model's current weights. */
export const begin = (batch: number, draws: number): Promise<void> =>
  doing(async (mine) => {
    problem.value = null;
    activity.value = 'drawing';
    const about = await ask('estimatorsBegin', { batch });
    if (!mine()) return;
    const width = 2 * about.batch * about.latent;
    newest = {
      about,
      estimates: new Map(estimatorNames.map((name) => [name, new Estimates(width)])),
      reference: null,
      report: null,
      referenceDone: 0,
      done: 0,
    };
    showNow();
    await drawUntil(draws, mine);
  });

/** Continues to `draws` draws. */
export const goOn = (draws: number): Promise<void> =>
  doing(async (mine) => {
    problem.value = null;
    await drawUntil(draws, mine);
  });

/** Stops drawing until {@link goOn}. */
export function pauseDrawing(): void {
  const id = newest?.about.id;
  if (id !== undefined && activity.value === 'drawing') {
    ask('estimatorsPause', { id }).catch((error: unknown) => {
      if (newest?.about.id === id) problem.value = wordsOf(error);
    });
  }
}

/** Drops the comparison, when its model is gone or the view is closed. */
export function forget(): void {
  pauseDrawing();
  current++;
  newest = null;
  together(() => {
    showNow();
    activity.value = 'idle';
    problem.value = null;
  });
}
