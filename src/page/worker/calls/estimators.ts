import {
  EstimatorBench,
  type EstimatorReport,
  estimatorNames,
  maxExamples,
  vaePoint,
} from '../../../study/estimators/index.js';
import { firstRows } from '../../../study/first-rows.js';
import { scope } from '../../../tensor/memory/scope.js';
import { type Lab, sessionOf } from '../lab.js';
import { toPixels } from '../pictures.js';

/** A part of the comparison: first the reference, then draws. `done` counts the draws so far, of each estimator. */
type EstimatorsPart =
  | { readonly phase: 'reference'; readonly done: number }
  | {
      readonly phase: 'draws';
      readonly done: number;
      /** The new estimates by the estimator's name, draw after draw: gradients by mean [batch, latent], then by logvar. */
      readonly estimates: Readonly<Record<string, Float32Array>>;
      /** The reference, in the same order. */
      readonly reference: Float32Array;
      readonly report: EstimatorReport;
    };

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

let last = 0;

export const estimatorsCalls = {
  /** Holds the model as it is now, with at most the first `batch` examples of the next step. */
  estimatorsBegin(lab: Lab, args: { batch: number }) {
    const { vae, settings, trainer, at, data, beta } = sessionOf(lab);
    const { latent } = vae;
    const { seed } = settings;
    const count = Math.max(1, Math.min(args.batch, maxOnPage(latent)));
    const x = scope(() => firstRows(trainer.peek().x, count));
    const point = vaePoint(vae, x);
    const { batch } = point;
    const id = ++last;
    lab.comparison = { id, bench: new EstimatorBench(point, { seed, beta }) };
    // Groups of parameters that gradients are compared in.
    const groups = point.metrics.map(({ name, size }) => ({ name, size }));
    return { id, at, batch, latent, beta, pixels: toPixels(x), image: data.image, groups };
  },

  /** Continues a comparison to `draws` draws, after `reference` draws for the reference, until it is replaced. */
  *estimatorsDraw(
    lab: Lab,
    { id, reference, draws }: { id: number; reference: number; draws: number },
  ): Generator<EstimatorsPart, void> {
    const mine = lab.comparison;
    if (mine?.id !== id) return;
    const { bench } = mine;
    const { batch, latent } = bench.point;
    const goesOn = (): boolean => lab.comparison === mine;
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
  },
};
