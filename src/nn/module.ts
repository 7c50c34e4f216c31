import { nodeOf } from '../autograd/node.js';
import { describeValue } from '../tensor/describe.js';
import type { LinearActivation } from '../tensor/kernels/linear.js';
import { RandomStream } from '../tensor/random/stream.js';
import { formatShape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { eachValue, findInside, type Slot, slotsOf, type Verdict } from './slots.js';
import { copies, type LoadOptions, type LoadReport, loadInto } from './state.js';

/** A tensor made by `variable(...)`, not computed from another. */
const isParameter = (value: unknown): value is Tensor =>
  value instanceof Tensor && nodeOf(value)?.op === null;

/** Each value once, under its first name. */
function firsts<T>(entries: Iterable<readonly [string, T]>): Map<string, T> {
  const seen = new Set<T>();
  return new Map([...entries].filter(([, value]) => !seen.has(value) && seen.add(value)));
}

/** Settings as they are printed: `kernel=[2, 3], stride=2`. */
export const printed = (settings: object): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? formatShape(value) : value}`)
    .join(', ');

/** Moves every line but the first to the right. */
const indent = (text: string): string => text.replaceAll('\n', '\n  ');

/** All that a module and those inside it hold, with names from the outermost. */
interface Contents {
  readonly modules: Set<Module>;
  /** Fields and entries that are no modules. */
  readonly slots: Slot[];
  /** Entries that no name leads to; their own is that of the map that holds them. */
  readonly unnamed: Slot[];
  readonly buffers: [name: string, values: Tensor][];
}

/** @throws Error when an object that is not searched for parameters holds one, or a module, that has no name elsewhere. */
function refuseHidden(who: string, { modules, slots, unnamed }: Contents, known: ReadonlySet<Tensor>): void {
  const judge = (x: object): Verdict => {
    if (x instanceof Tensor) return isParameter(x) && !known.has(x) ? 'found' : 'pass';
    if (x instanceof Module) return modules.has(x) ? 'pass' : 'found';
    return 'inside';
  };
  const refuse = ({ name, value }: Slot, why: string): void => {
    const found = findInside(value, judge);
    if (found === undefined) return;
    const what = found instanceof Module ? 'a module' : 'a parameter';
    throw new Error(
      `${who}: ${what} at '${name}' cannot be named, since ${why}; ` +
        'keep it in a field of a Module, or in a list, map (by string or number), set or record there',
    );
  };
  for (const slot of unnamed) refuse(slot, 'it has a key that is no string or number');
  for (const slot of slots) refuse(slot, `it is inside ${describeValue(slot.value)}, which is no Module`);
}

/**
 * A part of a model: parameters, and further modules. Both are collected from the object's own fields, in order of
 * definition: a field that holds a tensor from `variable(...)` is a parameter, one that holds a Module is a child;
 * lists, maps, sets and records of them count too. Private `#fields` are not seen. Names are PyTorch's: 'encoder.0.weight'.
 *
 * A module is in training mode until {@link eval} is called, and again after {@link train}; layers such as `Dropout` do
 * different things in the two.
 *
 * @example
 * class Autoencoder extends Module {
 *   readonly encoder: Dense;
 *   readonly decoder: Dense;
 *   constructor(stream: RandomStream) {
 *     super();
 *     this.encoder = new Dense({ inputs: 784, outputs: 32, stream });
 *     this.decoder = new Dense({ inputs: 32, outputs: 784, stream });
 *   }
 * }
 * // namedParameters(): encoder.weight, encoder.bias, decoder.weight, decoder.bias
 */
export abstract class Module {
  #training = true;
  readonly #buffers = new Map<string, Tensor>();

  /** Whether the module is in training mode. */
  get training(): boolean {
    return this.#training;
  }

  /** Puts the module and all inside it into training mode, or into evaluation mode with `false`; returns it. */
  train(mode = true): this {
    this.#training = mode;
    for (const child of this.namedChildren().values()) child.train(mode);
    return this;
  }

  /** Puts the module and all inside it into evaluation mode; returns it. */
  eval(): this {
    return this.train(false);
  }

  /** Runs `f` in evaluation mode, and puts the module and all inside it back into their own modes, also when `f` throws. */
  evaluating<T>(f: () => T): T {
    return this.inMode(false, f);
  }

  /** As {@link evaluating}, in training mode with `true`. @internal */
  inMode<T>(mode: boolean, f: () => T): T {
    const modes = [...this.#modules()].map((module) => ({ module, before: module.#training }));
    if (modes.some(({ before }) => before !== mode)) this.train(mode);
    try {
      return f();
    } finally {
      for (const { module, before } of modes) module.#training = before;
    }
  }

  /** The module and all inside it. Each step asks for them, so no names are made. */
  #modules(): Set<Module> {
    const found = new Set<Module>([this]);
    // Those that are added on the way are visited too.
    for (const module of found) {
      eachValue(module.contents(), (value) => {
        if (value instanceof Module) found.add(value);
      });
    }
    return found;
  }

  /** The object in whose fields parameters and children are looked for. */
  protected contents(): object {
    return this;
  }

  /** What stands between the parentheses when the module is printed: its sizes and settings. */
  protected settings(): string {
    return '';
  }

  /** The modules directly inside this one. */
  namedChildren(): Map<string, Module> {
    const children = new Map<string, Module>();
    for (const { name, value } of slotsOf(this.contents(), () => {})) {
      if (value instanceof Module) children.set(name, value);
    }
    return children;
  }

  /**
   * The trainable tensors themselves, by name; one that stands under several names comes once, under the first.
   * @throws Error when a module contains itself, two parameters have one name, or an object that is not searched for
   * parameters holds one.
   */
  namedParameters(): Map<string, Tensor> {
    return firsts(this.allParameters());
  }

  /**
   * The random streams that layers draw from, by name; one that stands under several names comes once, under the first. Their
   * positions are what a training run needs, beside parameters, to go on where it was.
   */
  namedStreams(): Map<string, RandomStream> {
    return firsts(
      this.slots().flatMap(({ name, value }): [string, RandomStream][] =>
        value instanceof RandomStream ? [[name, value]] : [],
      ),
    );
  }

  /**
   * Names a tensor as state that is not trained, such as a running mean: `stateDict` and checkpoints have it, optimisers do not.
   * @param name in the state, after the name of this module
   * @returns `values`, to be kept in a field
   * @throws Error when there is one of this name already.
   */
  protected buffer(name: string, values: Tensor): Tensor {
    if (this.#buffers.has(name))
      throw new Error(`${this.constructor.name}: there is a buffer '${name}' already`);
    this.#buffers.set(name, values);
    return values;
  }

  /** The tensors themselves that modules have named by {@link buffer}; one that stands under several names comes once. */
  namedBuffers(): Map<string, Tensor> {
    return firsts(this.collect().buffers);
  }

  /** The number of trainable numbers. */
  get parameterCount(): number {
    let count = 0;
    for (const t of this.namedParameters().values()) count += t.size;
    return count;
  }

  /** Copies of all parameters and buffers, by name; a shared one is there under each of its names, as in PyTorch. */
  stateDict(): Map<string, Tensor> {
    return copies(this.allState());
  }

  /**
   * Copies `state` into the parameters and buffers, which keep their storage and dtype; nothing changes if anything does not fit.
   * @throws StateError naming every missing, unexpected and wrongly shaped tensor.
   */
  loadStateDict(state: ReadonlyMap<string, Tensor>, options: LoadOptions = {}): LoadReport {
    return loadInto(this.allState(), state, `${this.constructor.name}.loadStateDict`, options);
  }

  /**
   * The places of all parameters and of what else the modules hold, where other values can be put.
   * @internal
   */
  slots(): readonly Slot[] {
    return this.collect().slots;
  }

  /** All parameters, a shared one under each of its names. */
  private allParameters(all = this.collect()): Map<string, Tensor> {
    const parameters = all.slots.flatMap(({ name, value }): [string, Tensor][] =>
      isParameter(value) ? [[name, value]] : [],
    );
    const named = this.byName(parameters, 'parameters');
    refuseHidden(this.constructor.name, all, new Set(named.values()));
    return named;
  }

  /** All parameters and buffers, a shared one under each of its names. */
  private allState(): Map<string, Tensor> {
    const all = this.collect();
    return this.byName([...this.allParameters(all), ...all.buffers], 'parameters or buffers');
  }

  private byName(entries: readonly (readonly [string, Tensor])[], what: string): Map<string, Tensor> {
    const named = new Map<string, Tensor>();
    for (const [name, value] of entries) {
      if (named.has(name)) {
        throw new Error(
          `${this.constructor.name}: two ${what} have the name '${name}'; rename a field or key`,
        );
      }
      named.set(name, value);
    }
    return named;
  }

  private collect(
    prefix = '',
    path = new Set<Module>(),
    all: Contents = { modules: new Set(), slots: [], unnamed: [], buffers: [] },
  ): Contents {
    if (path.has(this)) {
      throw new Error(
        `${this.constructor.name}: the module at '${prefix.slice(0, -1)}' contains itself; ` +
          'keep a reference to a parent in a private #field',
      );
    }
    path.add(this);
    all.modules.add(this);
    const named = (slot: Slot): Slot => ({ ...slot, name: `${prefix}${slot.name}` });
    for (const slot of slotsOf(this.contents(), (unnamed) => all.unnamed.push(named(unnamed)))) {
      if (slot.value instanceof Module) slot.value.collect(`${prefix}${slot.name}.`, path, all);
      else all.slots.push(named(slot));
    }
    for (const [name, values] of this.#buffers) all.buffers.push([`${prefix}${name}`, values]);
    path.delete(this);
    return all;
  }

  /** The tree of modules, as PyTorch prints it. */
  toString(): string {
    const children = [...this.namedChildren()].map(([name, child]) => `(${name}): ${child}`);
    const lines = [this.settings(), ...children].filter((line) => line !== '');
    const body = children.length === 0 ? lines.join('') : `\n  ${lines.map(indent).join('\n  ')}\n`;
    return `${this.constructor.name}(${body})`;
  }

  /** What `console.log` shows in Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** A module that maps one tensor to another. */
export abstract class Layer extends Module {
  /** @throws ShapeError when `x` has not the shape the layer takes. */
  abstract forward(x: Tensor): Tensor;
}

/** A layer that ends in a linear map, and can apply a ReLU in the same pass: dense layers and convolutions. */
export abstract class LinearLayer extends Layer {
  /**
   * @param activation 'relu' for max(y, 0) in the same pass, with the bits of a ReLU layer after this one
   * @throws ShapeError when `x` has not the shape the layer takes.
   */
  abstract override forward(x: Tensor, activation?: LinearActivation): Tensor;
}
