import { backend } from '../../autograd/index.js';
import { messageOf } from '../../tensor/describe.js';
import { configure } from '../../tensor/index.js';
import type { CallName, FromWorker, ToWorker } from '../shared/protocol.js';
import { callOf, loadAll } from './calls/index.js';
import { trainCalls } from './calls/train.js';
import type { Keeper } from './keep/keeper.js';
import type { Lab } from './lab.js';
import { MEMORY } from './room.js';
import { nextTurn } from './turn.js';

/** The worker's `postMessage`, not the window's. */
declare function postMessage(message: FromWorker): void;

let facts = '';

/** Tells what the engine has here, when it has changed: that threads are refused may be known late. */
function tellFacts(): void {
  const { name, threads, limits } = backend();
  const isolated = Reflect.get(globalThis, 'crossOriginIsolated') === true;
  const found = { backend: name, threads, limits, isolated };
  if (JSON.stringify(found) === facts) return;
  facts = JSON.stringify(found);
  postMessage({ kind: 'event', event: { type: 'ready', facts: found } });
}

const lab: Lab = {
  session: null,
  emit(event) {
    tellFacts();
    postMessage({ kind: 'event', event });
  },
};
/** Pending calls, and those that have been cancelled. */
const active = new Set<number>();
const cancelled = new Set<number>();

const isGenerator = (x: unknown): x is Generator<unknown, unknown> =>
  typeof x === 'object' && x !== null && 'next' in x && 'throw' in x;

/** Sends the parts of a long call, one a turn, so that other calls are answered in between. */
async function drain(id: number, parts: Generator<unknown, unknown>): Promise<unknown> {
  for (;;) {
    const { done, value } = parts.next();
    if (done === true) return value;
    postMessage({ kind: 'part', id, value });
    await nextTurn();
    if (cancelled.delete(id)) {
      parts.return(undefined);
      return undefined;
    }
  }
}

async function answer(id: number, name: CallName, args: unknown): Promise<void> {
  active.add(id);
  try {
    const run = (await callOf(name)) as (lab: Lab, args: unknown) => unknown;
    const began = performance.now();
    const returned = run(lab, args);
    const took = performance.now() - began;
    const value = isGenerator(returned) ? await drain(id, returned) : await returned;
    postMessage({ kind: 'result', id, value, took });
  } catch (error) {
    const name = error instanceof Error ? error.name : 'Error';
    postMessage({ kind: 'error', id, name, message: messageOf(error) });
  } finally {
    active.delete(id);
    cancelled.delete(id);
  }
}

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'call') void answer(data.id, data.name, data.args);
  else if (active.has(data.id)) cancelled.add(data.id);
});

/** Milliseconds after which the rest of the code is loaded, when the first pictures are there. */
const LATER = 4000;
/** Milliseconds between checkpoints. */
const BETWEEN = 30_000;
configure({ memory: MEMORY });
tellFacts();
let keeper: Promise<Keeper> | undefined;
lab.keeper = () => {
  keeper ??= import('./keep/keeper.js').then((keep) =>
    keep.browserKeeper((text) => lab.emit({ type: 'note', text })),
  );
  return keeper;
};
setInterval(() => void trainCalls.keep(lab), BETWEEN);
setTimeout(() => void loadAll(), LATER);
