import { backward } from '../../autograd/index.js';
import { Random } from '../../autograd/ops/random.js';
import type { Dataset } from '../../data/dataset.js';
import { Adam } from '../../nn/optim/adam.js';
import { scope } from '../../tensor/memory/scope.js';
import type { Tensor } from '../../tensor/tensor.js';
import { evaluate } from '../../vae/evaluate.js';
import type { LatentVariableModel } from '../../vae/model.js';
import { explainGradients, explainLoss } from '../../vae/training/nonfinite.js';
import type { Batch } from './batches.js';
import { type Trick, trickObjective } from './trick.js';

/** Terms of the right objective, in nats per example. */
export interface TestPoint {
  /** Gradient steps taken. */
  readonly at: number;
  /** reconstruction + beta * KL */
  readonly loss: number;
  readonly reconstruction: number;
  readonly kl: number;
  readonly elbo: number;
}

export interface RunnerOptions {
  readonly learningRate: number;
  readonly beta: number;
}

/** One of the two trainings: a copy of the model with its own optimiser and trick. */
export class Runner {
  readonly vae: LatentVariableModel;
  readonly #trick: Trick;
  readonly #beta: number;
  readonly #adam: Adam;
  readonly #parameters: ReadonlyMap<string, Tensor>;
  #at = 0;
  #problem: string | null = null;

  constructor(vae: LatentVariableModel, trick: Trick, { learningRate, beta }: RunnerOptions) {
    this.vae = vae.copy();
    this.#trick = trick;
    this.#beta = beta;
    this.#parameters = this.vae.namedParameters();
    this.#adam = new Adam(this.#parameters, { learningRate });
  }

  /** Gradient steps taken. */
  get at(): number {
    return this.#at;
  }

  /** Why it stopped early; null if it did not. */
  get problem(): string | null {
    return this.#problem;
  }

  /**
   * One step of Adam on the objective with this trick.
   * @param batch makes examples and noise, inside the step
   * @returns the loss of that objective; null once something is not finite, and from then on
   */
  step(batch: () => Batch): number | null {
    if (this.#problem !== null) return null;
    return scope(() => {
      const { x, epsilon } = batch();
      const { loss } = trickObjective(this.#trick, this.vae, x, epsilon, { beta: this.#beta });
      if (!Number.isFinite(loss.item())) return this.#stop(explainLoss(loss));
      const gradients = backward(loss);
      const wrong = explainGradients(this.#parameters, gradients);
      if (wrong !== undefined) return this.#stop(wrong);
      this.#adam.step(gradients);
      this.#at++;
      return loss.item();
    });
  }

  /** The right objective on test data; null if it is not finite, which ends the run. */
  test(data: Dataset, seed: number): TestPoint | null {
    if (this.#problem !== null) return null;
    const { loss, reconstruction, kl, elbo } = evaluate(this.vae, data, {
      random: new Random(seed),
      beta: this.#beta,
    });
    if (Number.isFinite(loss + elbo)) return { at: this.#at, loss, reconstruction, kl, elbo };
    return this.#stop(`the test loss is ${loss} (reconstruction ${reconstruction}, KL ${kl})`);
  }

  #stop(problem: string): null {
    this.#problem = `stopped after step ${this.#at}: ${problem}`;
    return null;
  }
}
