import type { Random } from '../../autograd/ops/random.js';
import type { Module } from '../../nn/module.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import type { StreamPositions } from './progress.js';
import type { TrainingStreams } from './task.js';

/** Which examples and which random numbers each step takes: the seed, the epoch and the step decide. */
export class Feed {
  /** Steps per epoch; the last one takes the examples that are left. */
  readonly steps: number;
  readonly streams: TrainingStreams;
  /** Those that layers draw from. */
  readonly #layers: ReadonlyMap<string, RandomStream>;
  #order: { readonly epoch: number; readonly indices: Int32Array } | undefined;

  /** @param size examples in all */
  constructor(
    private readonly size: number,
    private readonly batchSize: number,
    private readonly random: Random,
    model: Module,
  ) {
    this.steps = Math.ceil(size / batchSize);
    const [epsilon, binarize, noise] = ['epsilon', 'binarize', 'noise'].map((name) => random.stream(name));
    this.streams = { epsilon, binarize, noise };
    this.#layers = model.namedStreams();
  }

  /** The examples of a step. @param epoch counted from 1 @param step counted from 0 */
  indices(epoch: number, step: number): Int32Array {
    const { size, batchSize, random } = this;
    if (this.#order?.epoch !== epoch) {
      const stream = random.stream('shuffle').split(`epoch ${epoch}`).at();
      this.#order = { epoch, indices: stream.permutation(size) };
    }
    return this.#order.indices.subarray(step * batchSize, (step + 1) * batchSize);
  }

  get positions(): StreamPositions {
    const { epsilon, binarize, noise } = this.streams;
    const layers = Object.fromEntries([...this.#layers].map(([name, { position }]) => [name, position]));
    return { epsilon: epsilon.position, binarize: binarize.position, noise: noise.position, layers };
  }

  seek({ epsilon, binarize, noise, layers }: StreamPositions): void {
    this.streams.epsilon.seek(epsilon);
    this.streams.binarize.seek(binarize);
    this.streams.noise.seek(noise);
    for (const [name, stream] of this.#layers) stream.seek(layers[name] ?? 0);
  }

  /** Calls the function and moves the streams back to where they were. */
  unmoved<T>(work: () => T): T {
    const before = this.positions;
    try {
      return work();
    } finally {
      this.seek(before);
    }
  }
}
