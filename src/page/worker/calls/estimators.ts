import {
  EstimatorBench,
  type EstimatorReport,
  estimatorNames,
  mostExamples,
  vaePoint,
} from '../../../study/estimators/index.js';
import { step } from '../../../tensor/memory/step.js';
import { Tensor } from '../../../tensor/tensor.js';
import { type Lab, sessionOf } from '../lab.js';

/** What is being compared. */
export interface EstimatorsBegun {
  /** Of this comparison; a later one has another. */
  readonly id: number;
  /** Gradient steps behind the weights. */
  readonly at: number;
  /** Examples in the batch, and dimensions of z. */
  readonly batch: number;
  readonly latent: number;
  readonly beta: number;
  /** The images, 0 to 255, one after another, and their height and width. */
  readonly pixels: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  /** Groups of parameters that gradients are compared in. */
  readonly groups: readonly { readonly name: string; readonly size: number }[];
}

/** A part of the comparison: first the reference, then draws. */
export type EstimatorsPart =
  | { readonly phase: 'reference'; readonly done: number }
  | {
      readonly phase: 'draws';
      /** Draws so far, of each estimator. */
      readonly done: number;
      /** The new estimates by the estimator's name, draw after draw: gradients by mean [batch, latent], then by logvar. */
      readonly estimates: Readonly<Record<string, Float32Array>>;
      /** The reference, in the same order. */
      readonly reference: Float32Array;
      readonly report: EstimatorReport;
    };

interface Begun {
  readonly id: number;
  readonly bench: EstimatorBench;
  paused: boolean;
}

const begun = new WeakMap<Lab, Begun>();
let last = 0;

/** Time spent on draws before what came of them is told, in milliseconds. */
const TURN = 25;

/** The most numbers of an estimate on the page: with the Gram matrices of more, a draw takes too long to watch. */
const MOST_NUMBERS = 512;

/** The most examples that the page compares with so many latent dimensions. */
const mostOnPage = (latent: number): number =>
  Math.min(mostExamples(latent), Math.max(1, Math.floor(MOST_NUMBERS / (2 * latent))));

/** Rows that go through the decoder at a time: enough for its products to be quick, few enough for a turn. */
const ROWS = 128;

/** `most` draws, or as many as fit into a turn. */
function forATurn(most: number, batch: number, take: (count: number) => void): void {
  const until = performance.now() + TURN;
  const chunk = Math.max(1, Math.floor(ROWS / batch));
  let done = 0;
  do {
    const count = Math.min(chunk, most - done);
    take(count);
    done += count;
  } while (done < most && performance.now() < until);
}

/** Lists of gradients as one array, draw after draw. */
function joined(lists: readonly (readonly Float64Array[])[], size: number): Float32Array {
  const all = lists.flat();
  const out = new Float32Array(all.length * size);
  all.forEach((gradient, k) => {
    out.set(gradient, k * size);
  });
  return out;
}

export const estimatorsCalls = {
  /** Holds the model as it is now, with the first `batch` examples of the next step, or as many as can be compared. */
  estimatorsBegin(lab: Lab, { batch }: { batch: number }): EstimatorsBegun {
    const session = sessionOf(lab);
    const { vae, settings, trainer } = session;
    const { latent, features } = vae.config;
    const x = step(() => {
      const whole = trainer.peek().x;
      const count = Math.max(1, Math.min(batch, mostOnPage(latent), whole.shape[0]));
      return new Tensor(whole.data.slice(0, count * features), [count, features]);
    });
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

  /**
   * Goes on with a comparison until there are `draws` draws, after `reference` draws behind the reference, or it is paused, or
   * another one has begun.
   */
  *estimatorsDraw(
    lab: Lab,
    { id, reference, draws }: { id: number; reference: number; draws: number },
  ): Generator<EstimatorsPart, null> {
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

  /** The comparison ends its turn and stays where it is: no part that was sent is lost, as it would be if the call were cancelled. */
  estimatorsPause(lab: Lab, { id }: { id: number }): void {
    const mine = begun.get(lab);
    if (mine?.id === id) mine.paused = true;
  },
};
