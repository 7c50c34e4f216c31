import type { LabeledDataset } from '../../../data/dataset.js';
import { clip, messageOf } from '../../../tensor/describe.js';
import { TrainingError } from '../../../vae/training/errors.js';
import { identifying, identityOf, vouchFor } from '../../../vae/training/identity.js';
import type { Settings } from '../../shared/settings.js';
import { settingsText } from '../../shared/settings.js';
import type { SessionData } from '../data.js';
import type { Runner } from '../runner.js';
import { nextTurn } from '../turn.js';
import { browserShelf, type Content, type Label, memoryShelf, type Shelf } from './shelf.js';

/** The most bytes that checkpoints take together; the newest is kept whatever it takes. */
const MAX_BYTES = 2 ** 29;

/** Milliseconds that the last checkpoint of a window may take to arrive after it has closed, and between looks at the shelf. */
const CLOSING = 1000;
const AGAIN = 100;

/** The program: a build names its script by its content. Another one may give other numbers. */
const PROGRAM = import.meta.url.split('/').at(-1) ?? '';

/** Training that follows from the same settings, file and program has the same numbers. */
const keyOf = (settings: Settings, origin: string | null): string =>
  [PROGRAM, origin ?? '', settingsText(settings)].join(' ');

/** What to look for on the shelf. */
export interface Wanted {
  readonly settings: Settings;
  /** The file that the training came from. */
  readonly origin: string | null;
  readonly at: number;
  /** A training whose newest checkpoint is wanted even if it is later: what a reloaded window was at. */
  readonly after: string | null;
}

type Examples = Pick<SessionData, 'train' | 'test'>;

/** In the place of a hash of drawn digits, which follow from the settings: they need not all be drawn for it. */
const DRAWN = '0'.repeat(64);

/** Takes all parts of a long piece of work, one a turn. */
async function inTurns<T>(work: Generator<void, T>): Promise<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    await nextTurn();
  }
}

/** Keeps checkpoints of trainings in the browser, and finds them again. */
export class Keeper {
  #shelf: Shelf;
  readonly #tell: (line: string) => void;
  readonly #identified = new WeakSet<LabeledDataset>();
  readonly #kept = new WeakMap<Runner, number>();
  /** One thing at a time. */
  #queue: Promise<unknown> = Promise.resolve();

  /** @param tell is given a line where nothing can be kept, once */
  constructor(shelf: Shelf, tell: (line: string) => void) {
    this.#shelf = shelf;
    this.#tell = tell;
  }

  /** Keeps a training as it is when its turn comes; one that has taken no step, or none since, is left. */
  keep(runner: Runner): Promise<void> {
    return this.#next(async () => {
      const { session, origin, id } = runner;
      if (session.at === 0 || this.#kept.get(runner) === session.at) return;
      await this.#identify(session.data, session.settings.data);
      const { at, settings, train, test } = session;
      const bytes = checkpointIfFinite(runner);
      if (bytes === null) return;
      const data = { train: identityOf(train, 'float32'), test: identityOf(test, 'float32') };
      const label = { key: keyOf(settings, origin), run: id, at, size: bytes.length };
      await this.#do(async (shelf) => {
        await this.#clear(shelf, label);
        await shelf.put(label, { bytes, curve: runner.curve, data });
      });
      this.#kept.set(runner, at);
    });
  }

  /** The checkpoint nearest to what is wanted, at or before its step; null where there is none. */
  find(wanted: Wanted): Promise<Content | null> {
    const { settings, origin, at, after } = wanted;
    const key = keyOf(settings, origin);
    return this.#next(async () => {
      const until = performance.now() + (after === null ? 0 : CLOSING);
      for (;;) {
        const found = await this.#do(async (shelf) => {
          const same = [...(await shelf.labels())].filter(([, label]) => label.key === key);
          const later = same.filter(([, label]) => label.run === after && label.at >= at);
          const before = same.filter(([, label]) => label.at <= at).sort(([, a], [, b]) => a.at - b.at);
          const isLate = later.length === 0 && performance.now() < until;
          const [id] = later.at(-1) ?? before.at(-1) ?? [];
          return isLate ? 'late' : id === undefined ? null : ((await shelf.get(id)) ?? null);
        });
        if (found !== 'late') return found;
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
      }
    });
  }

  /** Keeps the person's files for the next time, in the place of earlier ones. */
  keepFiles(files: readonly File[]): Promise<void> {
    return this.#next(() => this.#do((shelf) => shelf.putFiles(files)));
  }

  /** The files that were kept. */
  files(): Promise<readonly File[]> {
    return this.#next(() => this.#do((shelf) => shelf.files()));
  }

  /** Whether a checkpoint is of this data, which a resumed training then does not look at as a whole again. */
  async isOf({ data }: Content, { train, test }: Examples, source: Settings['data']): Promise<boolean> {
    if (source === 'own') {
      await this.#identify({ train, test }, source);
      const found = [identityOf(train, 'float32').hash, identityOf(test, 'float32').hash];
      if (found[0] !== data.train.hash || found[1] !== data.test.hash) return false;
    }
    vouchFor(train, 'float32', data.train);
    vouchFor(test, 'float32', data.test);
    for (const one of [train, test]) this.#identified.add(one);
    return true;
  }

  /** Finds out what the data is, unless that is known. */
  async #identify({ train, test }: Examples, source: Settings['data']): Promise<void> {
    for (const data of [train, test]) {
      if (this.#identified.has(data)) continue;
      if (source === 'own') await inTurns(identifying(data, 'float32'));
      else vouchFor(data, 'float32', { size: data.size, features: data.features, hash: DRAWN });
      this.#identified.add(data);
    }
  }

  #next<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(action);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** Makes room: the oldest of the training with the most checkpoints goes first, so that others stay to go back to. */
  async #clear(shelf: Shelf, { key, size }: Label): Promise<void> {
    const labels = new Map(await shelf.labels());
    const total = (): number => [...labels.values()].reduce((sum, label) => sum + label.size, size);
    const countOf = (one: string): number => [...labels.values()].filter((label) => label.key === one).length;
    while (labels.size >= shelf.room || (labels.size > 0 && total() > MAX_BYTES)) {
      const most = Math.max(...[...labels.values()].map((label) => countOf(label.key)), countOf(key));
      const [id] = [...labels].find(([, label]) => countOf(label.key) === most) ?? [...labels][0];
      labels.delete(id);
      await shelf.remove(id);
    }
  }

  /** Does something with the shelf. Where the browser refuses it is said once, and memory takes its place. */
  async #do<T>(action: (shelf: Shelf) => Promise<T>): Promise<T> {
    try {
      return await action(this.#shelf);
    } catch (error) {
      this.#shelf = memoryShelf();
      this.#tell(
        `This browser keeps nothing for the page (${clip(messageOf(error), 120)}): the training goes on, ` +
          'but a reload starts from its settings again. Save the run to keep it.',
      );
      return action(this.#shelf);
    }
  }
}

/** A model whose numbers are not finite is not worth keeping. */
function checkpointIfFinite({ session }: Runner): Uint8Array | null {
  try {
    return session.trainer.checkpoint();
  } catch (error) {
    if (error instanceof TrainingError) return null;
    throw error;
  }
}

/** What keeps checkpoints in this browser. */
export const browserKeeper = (tell: (line: string) => void): Keeper => new Keeper(browserShelf(), tell);
