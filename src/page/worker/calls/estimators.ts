import { EstimatorBench, estimatorNames, maxExamples, vaePoint } from '../../../study/estimators/index.js';
import { firstRows } from '../../../study/first-rows.js';
import { scope } from '../../../tensor/memory/scope.js';
import { type Handlers, type Lab, sessionOf } from '../lab.js';

interface Begun {
  readonly id: number;
  readonly bench: EstimatorBench;
  paused: boolean;
}

const begun = new WeakMap<Lab, Begun>();
let last = 0;

/** Milliseconds of drawing before the results are reported. */
const TURN = 25;

/** Maximum size of an estimate on the page: with the Gram matrices of larger ones, a draw takes too long to watch. */
const MAX_NUMBERS = 512;

/** The most examples that the page compares with `latent` dimensions. */
const maxOnPage = (latent: number): number =>
  Math.min(maxExamples(latent), Math.max(1, Math.floor(MAX_NUMBERS / (2 * latent))));

/** Rows in one pass of the decoder: enough for fast products, few enough for a turn. */
const ROWS = 128;

/** `max` draws, or as many as fit into a turn. */
function forATurn(max: number, batch: number, take: (count: number) => void): void {
  const until = performance.now() + TURN;
  const chunk = Math.max(1, Math.floor(ROWS / batch));
  let done = 0;
  do {
    const count = Math.min(chunk, max - done);
    take(count);
    done += count;
  } while (done < max && performance.now() < until);
}

/** Joins lists of gradients into one array, draw after draw. */
function joined(lists: readonly (readonly Float64Array[])[], size: number): Float32Array {
  const all = lists.flat();
  const out = new Float32Array(all.length * size);
  all.forEach((gradient, k) => {
    out.set(gradient, k * size);
  });
  return out;
}

export const estimatorsCalls = {
  estimatorsBegin(lab, { batch }) {
    const session = sessionOf(lab);
    const { vae, settings, trainer } = session;
    const { latent } = vae;
    const count = Math.max(1, Math.min(batch, maxOnPage(latent)));
    const x = scope(() => firstRows(trainer.peek().x, count));
    const point = vaePoint(vae, x);
    const bench = new EstimatorBench(point, { seed: settings.seed, beta: settings.beta });
    const id = ++last;
    begun.set(lab, { id, bench, paused: false });
    const { rows, columns } = session.data.image;
    return {
      id,
      at: session.at,
      batch: point.batch,
      latent,
      beta: settings.beta,
      pixels: Uint8Array.from(x.data, (value) => Math.round(255 * Math.min(1, Math.max(0, value)))),
      rows,
      columns,
      groups: point.metrics.map(({ name, size }) => ({ name, size })),
    };
  },

  *estimatorsDraw(lab, { id, reference, draws }) {
    const mine = begun.get(lab);
    if (mine?.id !== id) return null;
    const { bench } = mine;
    const { batch, latent } = bench.point;
    mine.paused = false;
    const goesOn = (): boolean => begun.get(lab) === mine && !mine.paused;
    while (goesOn() && bench.samples === 0 && bench.referenceSamples < reference) {
      forATurn(reference - bench.referenceSamples, batch, (count) => bench.extendReference(count));
      yield { phase: 'reference', done: bench.referenceSamples };
    }
    while (goesOn() && bench.samples < draws) {
      const fresh: ReadonlyMap<string, readonly Float64Array[]>[] = [];
      forATurn(draws - bench.samples, batch, (count) => {
        fresh.push(bench.draw(count));
      });
      const of = (name: string) => fresh.map((drawn) => drawn.get(name) ?? []);
      yield {
        phase: 'draws',
        done: bench.samples,
        estimates: Object.fromEntries(
          estimatorNames.map((name) => [name, joined(of(name), 2 * batch * latent)]),
        ),
        reference: Float32Array.from(bench.referenceGradient()),
        report: bench.report(),
      };
    }
    return null;
  },

  estimatorsPause(lab, { id }) {
    const mine = begun.get(lab);
    if (mine?.id === id) mine.paused = true;
  },
} satisfies Partial<Handlers>;
