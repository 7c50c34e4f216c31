import { Random } from '../../autograd/ops/random.js';
import { complete, type Given, integer, optional } from '../../nn/schema/index.js';
import { quote } from '../../tensor/describe.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import { gaussianKl } from '../../vae/kl.js';
import { weightsSchema } from '../../vae/shared-settings.js';
import { type Draws, drawGradients } from './draws.js';
import { type Estimator, estimators as known } from './estimators.js';
import { Levels } from './levels.js';
import { estimatorNames } from './names.js';
import type { EstimatorPoint } from './point.js';
import { Reference } from './reference.js';
import { type EstimatorReport, inGroup } from './report.js';

/** The options of an {@link EstimatorBench} that are plain data. */
export const benchSchema = {
  /** Decides all noise: its streams 'estimators/epsilon' and 'estimators/reference'. Defaults to 0. */
  seed: integer({ min: 0, default: 0, help: 'decides all noise' }),
  beta: weightsSchema.beta,
};

/** Options of an {@link EstimatorBench}. */
export interface EstimatorBenchOptions extends Given<typeof benchSchema> {
  /** Defaults to all that there are. The first one is what the others' variance is compared with. */
  readonly estimators?: readonly Estimator[];
}

/** Rows in one pass of the decoder. */
const ROWS = 512;

/**
 * Compares estimators of the gradient of the negative ELBO at a fixed point: same weights, same batch, same epsilon. First a
 * long run of the pathwise estimator, on noise of its own, gives the reference; then draws are added, and sums are kept.
 * The numbers do not depend on how many draws are made at a time.
 */
export class EstimatorBench {
  readonly point: EstimatorPoint;
  readonly estimators: readonly Estimator[];
  private readonly beta: number;
  private readonly epsilon: RandomStream;
  private readonly referenceEpsilon: RandomStream;
  private readonly reference: Reference;
  private readonly kl: Float64Array;
  private draws = 0;
  private measured: ReturnType<EstimatorBench['measure']> | null = null;

  /** @throws RangeError when beta is negative, or there is no estimator, or two of one name. */
  constructor(point: EstimatorPoint, options: EstimatorBenchOptions = {}) {
    const { seed, beta } = complete(benchSchema, options, 'EstimatorBench', ['estimators']);
    const { estimators = estimatorNames.map((name) => known[name]) } = options;
    if (estimators.length === 0 || new Set(estimators.map(({ name }) => name)).size < estimators.length) {
      throw new RangeError('EstimatorBench: give at least one estimator, and each name once');
    }
    const random = new Random(seed).stream('estimators');
    this.point = point;
    this.estimators = estimators;
    this.beta = beta;
    this.epsilon = random.split('epsilon');
    this.referenceEpsilon = random.split('reference');
    this.reference = new Reference(2 * point.batch * point.latent, point.batch);
    this.kl = new Float64Array(point.batch);
    const perDimension = gaussianKl(point.mean, point.logvar).data;
    perDimension.forEach((nats, i) => {
      this.kl[Math.floor(i / point.latent)] += nats;
    });
  }

  /** Draws so far. */
  get samples(): number {
    return this.draws;
  }

  /** Draws for the reference so far. */
  get referenceSamples(): number {
    return this.reference.count;
  }

  /** Adds `count` draws to the reference. @throws Error once {@link draw} has been called. */
  extendReference(count: number): void {
    if (this.measured !== null)
      throw new Error('EstimatorBench: the reference is in use; extend it before the first draw');
    this.inChunks(count, (n) => {
      const { gradients, losses } = this.take([known.pathwise], this.referenceEpsilon, n, this.kl);
      gradients.get('pathwise')?.forEach((gradient, k) => {
        this.reference.add(gradient, losses[k]);
      });
    });
  }

  /**
   * Makes `count` draws for every estimator.
   * @returns by the estimator's name the new estimates: gradients by mean [batch, latent], then by logvar.
   * @throws RangeError when the reference has fewer than 32 draws.
   */
  draw(count: number): ReadonlyMap<string, readonly Float64Array[]> {
    this.measured ??= this.measure();
    const { levels, baseline } = this.measured;
    const fresh = new Map<string, Float64Array[]>(this.estimators.map(({ name }) => [name, []]));
    this.inChunks(count, (n) => {
      const { gradients } = this.take(this.estimators, this.epsilon, n, baseline);
      this.draws += n;
      for (const [name, found] of gradients) {
        for (const gradient of found) levels.get(name)?.add(gradient);
        fresh.get(name)?.push(...found);
      }
    });
    return fresh;
  }

  /** The long run's mean: gradients by mean [batch, latent], then by logvar. */
  referenceGradient(): Float64Array {
    return this.reference.mean();
  }

  /** The results so far. @throws Error before the first draw. */
  report(): EstimatorReport {
    if (this.measured === null || this.draws === 0) throw new Error('EstimatorBench: there are no draws yet');
    const { yardsticks, levels } = this.measured;
    const reference = yardsticks.map(({ metric: { name, size }, length }) => ({ group: name, size, length }));
    const groupsOf = (name: string) => {
      const own = levels.get(name);
      if (own === undefined) throw new Error(`EstimatorBench: there is no estimator ${quote(name)}`);
      return yardsticks.map(({ error }, m) => inGroup(own, m, reference[m], error));
    };
    const first = groupsOf(this.estimators[0].name);
    return {
      samples: this.draws,
      referenceSamples: this.reference.count,
      reference,
      estimators: this.estimators.map(({ name, title }) => ({
        name,
        title,
        groups: groupsOf(name).map((group, m) => ({
          ...group,
          drawsForOne: group.variance / first[m].variance,
        })),
      })),
    };
  }

  /** The statistics, created once the reference is complete. */
  private measure() {
    const { point, reference } = this;
    const mean = reference.mean();
    const yardsticks = point.metrics.map((metric) => reference.yardstick(metric));
    return {
      yardsticks,
      levels: new Map(this.estimators.map(({ name }) => [name, new Levels(mean, yardsticks)])),
      // The mean of reconstruction + beta (log q - log p): the second has the KL as its mean.
      baseline: reference.meanLosses().map((loss, b) => loss + this.beta * this.kl[b]),
    };
  }

  private take(
    estimators: readonly Estimator[],
    epsilon: RandomStream,
    n: number,
    baseline: Float64Array,
  ): Draws {
    return drawGradients(this.point, estimators, epsilon, n, { beta: this.beta, baseline });
  }

  private inChunks(count: number, take: (n: number) => void): void {
    const max = Math.max(1, Math.floor(ROWS / this.point.batch));
    for (let done = 0; done < count; done += max) take(Math.min(max, count - done));
  }
}

/** The draws of a whole comparison of estimators. */
export const drawsSchema = {
  /** Draws for each estimator. Defaults to 1024; a power of two fills every K up to it. */
  samples: integer({ min: 1, default: 1024, help: 'draws for each estimator' }),
  /** Draws of the reference, at least 32. Defaults to four times as many. */
  reference: optional(integer({ min: 32, help: 'draws of the reference; 4 times as many without it' })),
};

/** Options of a whole comparison of estimators. */
export interface BenchOptions extends EstimatorBenchOptions, Given<typeof drawsSchema> {}

/**
 * Compares estimators at a fixed point, see {@link EstimatorBench}.
 * @throws RangeError when a number of draws is out of range.
 */
export function benchEstimators(point: EstimatorPoint, options: BenchOptions = {}): EstimatorReport {
  const { samples, reference } = complete(drawsSchema, options, 'benchEstimators', [
    ...Object.keys(benchSchema),
    'estimators',
  ]);
  const { samples: _, reference: __, ...others } = options;
  const bench = new EstimatorBench(point, others);
  bench.extendReference(reference ?? Math.max(32, 4 * samples));
  bench.draw(samples);
  return bench.report();
}
