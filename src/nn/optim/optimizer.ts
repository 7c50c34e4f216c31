import { nodeOf } from '../../autograd/node.js';
import { allFinite } from '../../autograd/ops/within.js';
import { checkNumber } from '../../tensor/check-number.js';
import { describeValue, quote } from '../../tensor/describe.js';
import { ShapeError } from '../../tensor/errors.js';
import { checkOptions } from '../../tensor/known-options.js';
import { formatShape, sameShape } from '../../tensor/shape.js';
import { Tensor } from '../../tensor/tensor.js';
import { copies, listNames, loadInto, StateError } from '../state.js';

/** Where an optimiser looks for gradients; what `backward` returns is one. */
export interface GradientSource {
  /** The gradient with respect to `t`, in its shape; undefined where there is none. */
  find(t: Tensor): Tensor | undefined;
}

/** The parameters of an optimiser: a module, or what its `namedParameters()` returns. */
export type ParameterSource = ReadonlyMap<string, Tensor> | HasParameters;

interface HasParameters {
  namedParameters(): ReadonlyMap<string, Tensor>;
}

const hasParameters = (source: unknown): source is HasParameters =>
  typeof source === 'object' && source !== null && 'namedParameters' in source;

/** What a step makes of parameters that no gradient reaches. */
export interface StepOptions {
  /** Leave parameters without a gradient alone, instead of refusing them. Defaults to false. */
  readonly allowMissing?: boolean;
}

/** What an optimiser remembers of one parameter: tensors of its shape by PyTorch's names, null for one not kept. */
export type Buffers = Readonly<Record<string, Tensor | null>>;

interface Slot<B extends Buffers> {
  readonly name: string;
  readonly parameter: Tensor;
  readonly buffers: B;
  /** Updates this parameter has had: a float64 scalar, so that it travels with the other state. */
  readonly step: Tensor;
}

/** What one step does to one parameter. */
export interface Update<B extends Buffers> {
  readonly parameter: Tensor;
  /** Of the parameter's shape and dtype. */
  readonly gradient: Tensor;
  readonly buffers: B;
  /** 1 at the parameter's first update. */
  readonly step: number;
}

/** Zeros like `t`, not connected to any graph. */
export const zerosLike = (t: Tensor): Tensor => Tensor.persistent(t.shape, t.dtype);

/** Remembers what `make` gave for each step: most parameters are at the same one. */
export function onceFor<T>(make: (step: number) => T): (step: number) => T {
  const known = new Map<number, T>();
  return (step) => {
    const made = known.get(step) ?? make(step);
    known.set(step, made);
    return made;
  };
}

/** @throws TypeError unless `source` has named parameters, one at least. */
export function parametersOf(source: ParameterSource, who: string): ReadonlyMap<string, Tensor> {
  const named = hasParameters(source) ? source.namedParameters() : source;
  if (!(named instanceof Map)) {
    throw new TypeError(
      `${who}: takes a module or what its namedParameters() returns, but got ${describeValue(source)}`,
    );
  }
  if (named.size === 0) {
    throw new TypeError(
      `${who}: there are no parameters; pass a module that has some, or its namedParameters()`,
    );
  }
  return named;
}

/** @throws TypeError unless gradients can be found in `gradients`. */
export function checkGradients(gradients: GradientSource, who: string): void {
  if (typeof gradients?.find === 'function' && !Array.isArray(gradients)) return;
  throw new TypeError(
    `${who}: takes gradients, but got ${describeValue(gradients)}; pass what backward(loss) returns`,
  );
}

/**
 * Changes parameters in place by their gradients. Everything an optimiser remembers is allocated once, when it is
 * made. Settings (learning rate, betas, ...) are not part of its state.
 */
export abstract class Optimizer<B extends Buffers = Buffers> {
  private readonly slots: readonly Slot<B>[];
  private rate: number;

  /**
   * @param who the class, for errors
   * @param source a module, or what its `namedParameters()` returns
   * @throws TypeError when there are no parameters, or one is not a variable, or is there twice;
   * RangeError unless the learning rate is finite and greater than 0.
   */
  protected constructor(
    private readonly who: string,
    source: ParameterSource,
    learningRate: number,
    makeBuffers: (parameter: Tensor) => B,
  ) {
    checkNumber(learningRate, { above: 0 }, 'learningRate', who);
    this.rate = learningRate;
    const parameters = parametersOf(source, who);
    const names = new Map<Tensor, string>();
    this.slots = [...parameters].map(([name, parameter]) => {
      if (!(parameter instanceof Tensor) || nodeOf(parameter)?.op !== null) {
        throw new TypeError(
          `${who}: ${quote(name)} is not a variable, so it has no gradient; make it with variable(...)`,
        );
      }
      const before = names.get(parameter);
      if (before !== undefined) {
        throw new TypeError(`${who}: ${quote(name)} and ${quote(before)} are the same tensor; pass it once`);
      }
      names.set(parameter, name);
      return { name, parameter, buffers: makeBuffers(parameter), step: Tensor.persistent([], 'float64') };
    });
  }

  get learningRate(): number {
    return this.rate;
  }

  /** May be 0, as some schedules end there. @throws RangeError unless finite and not negative. */
  set learningRate(value: number) {
    checkNumber(value, { min: 0 }, 'learningRate', this.who);
    this.rate = value;
  }

  /**
   * Updates every parameter.
   * @param gradients what `backward` returned
   * @param options `allowMissing` leaves a parameter without a gradient alone; its step does not count then
   * @throws Error naming the parameters without a gradient: all of them, or any unless `allowMissing`; ShapeError when a
   * gradient has not its parameter's shape and dtype; TypeError when `gradients` has none to give. Then nothing has changed.
   */
  step(gradients: GradientSource, options: StepOptions = {}): void {
    checkOptions(options, ['allowMissing'], `${this.who}.step`);
    checkGradients(gradients, `${this.who}.step`);
    const updates: Update<B>[] = [];
    const counters: Tensor[] = [];
    const missing: string[] = [];
    for (const { name, parameter, buffers, step } of this.slots) {
      const gradient = gradients.find(parameter);
      if (gradient === undefined) {
        missing.push(name);
        continue;
      }
      if (gradient.dtype !== parameter.dtype || !sameShape(gradient.shape, parameter.shape)) {
        throw new ShapeError(
          `${this.who}: ${quote(name)} is ${parameter.dtype} ${formatShape(parameter.shape)}, ` +
            `but its gradient is ${gradient.dtype} ${formatShape(gradient.shape)}`,
        );
      }
      updates.push({ parameter, gradient, buffers, step: step.data[0] + 1 });
      counters.push(step);
    }
    if (updates.length === 0 || (missing.length > 0 && options.allowMissing !== true)) {
      throw this.missingGradients(missing);
    }
    this.update(updates);
    for (const { parameter } of updates) parameter.markWritten();
    for (const step of counters) step.data[0] += 1;
  }

  private missingGradients(names: readonly string[]): Error {
    if (names.length === this.slots.length) {
      return new Error(
        `${this.who}.step: no parameter has a gradient; the loss depends on none of ${listNames(names)}`,
      );
    }
    return new Error(
      `${this.who}.step: the loss does not depend on ${listNames(names)}; leave them out of the optimiser, ` +
        'or pass { allowMissing: true } to update the others only',
    );
  }

  /** Changes parameters and their buffers in place. All come at once, so that one pass over memory can do it. */
  protected abstract update(updates: readonly Update<B>[]): void;

  /**
   * The name of the first parameter, or of what is remembered of one, that is not finite: 'encoder.0.weight.exp_avg_sq'. It reads all
   * of them, so it is for the end of an epoch; undefined when every number is finite.
   */
  findNotFinite(): string | undefined {
    const parameters = this.slots.map(({ name, parameter }): [string, Tensor] => [name, parameter]);
    return [...parameters, ...this.named()].find(([, t]) => !allFinite([t]))?.[0];
  }

  /** Copies of all that is remembered, by names such as 'encoder.0.weight.exp_avg' and 'encoder.0.weight.step'. */
  state(): Map<string, Tensor> {
    return copies(this.named());
  }

  /**
   * Puts back what `state()` gave; the next steps then have the same bits as without the interruption.
   * @throws StateError when a name is missing or unexpected, a shape differs, or a step is not a whole number; then
   * nothing has changed.
   */
  loadState(state: ReadonlyMap<string, Tensor>): void {
    const who = `${this.who}.loadState`;
    for (const { name } of this.slots) {
      const step = state.get(`${name}.step`);
      if (step?.size !== 1 || (Number.isSafeInteger(step.data[0]) && step.data[0] >= 0)) continue;
      throw new StateError(`${who}: '${name}.step' is ${step.data[0]}; it must be an integer from 0 on`);
    }
    loadInto(this.named(), state, who);
  }

  private named(): Map<string, Tensor> {
    const all = new Map<string, Tensor>();
    for (const { name, buffers, step } of this.slots) {
      for (const [buffer, t] of Object.entries(buffers)) if (t !== null) all.set(`${name}.${buffer}`, t);
      all.set(`${name}.step`, step);
    }
    return all;
  }
}
