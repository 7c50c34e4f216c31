import { nodeOf } from '../autograd/node.js';
import { Tensor } from '../tensor/tensor.js';
import { copies, type LoadOptions, type LoadReport, loadInto } from './state.js';

/** A tensor made by `variable(...)`, not computed from another. */
const isParameter = (value: unknown): value is Tensor =>
  value instanceof Tensor && nodeOf(value)?.op === null;

/** Follows a field into arrays: their entries are named as PyTorch's ModuleList does, `layers.0`. */
function flatten(name: string, value: unknown): [string, unknown][] {
  if (!Array.isArray(value)) return [[name, value]];
  return value.flatMap((entry, i) => flatten(`${name}.${i}`, entry));
}

/** Moves every line but the first to the right. */
const indent = (text: string): string => text.replaceAll('\n', '\n  ');

/**
 * A part of a model: parameters, and further modules. Both are collected from the object's own fields, in order of
 * definition: a field that holds a tensor from `variable(...)` is a parameter, one that holds a Module is a child;
 * arrays of them count too. Private `#fields` are not seen. Names are PyTorch's: 'encoder.0.weight'.
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
  /** The fields in which parameters and children are looked for. */
  protected fields(): [name: string, value: unknown][] {
    return Object.entries(this);
  }

  /** What stands between the parentheses when the module is printed: its sizes and settings. */
  protected settings(): string {
    return '';
  }

  /** The modules directly inside this one. */
  namedChildren(): Map<string, Module> {
    const children = new Map<string, Module>();
    for (const [name, value] of this.fields().flatMap(([name, value]) => flatten(name, value))) {
      if (value instanceof Module) children.set(name, value);
    }
    return children;
  }

  /**
   * The trainable tensors themselves, by name; one that stands under several names comes once, under the first.
   * @throws Error when a module contains itself.
   */
  namedParameters(): Map<string, Tensor> {
    const seen = new Set<Tensor>();
    return new Map(this.collect('', []).filter(([, t]) => !seen.has(t) && seen.add(t)));
  }

  /** The number of trainable numbers. */
  get parameterCount(): number {
    let count = 0;
    for (const t of this.namedParameters().values()) count += t.size;
    return count;
  }

  /** Copies of all parameters, by name; a shared one is there under each of its names, as in PyTorch. */
  stateDict(): Map<string, Tensor> {
    return copies(new Map(this.collect('', [])));
  }

  /**
   * Copies `state` into the parameters, which keep their storage and dtype; nothing changes if anything does not fit.
   * @throws StateError naming every missing, unexpected and wrongly shaped tensor.
   */
  loadStateDict(state: ReadonlyMap<string, Tensor>, options: LoadOptions = {}): LoadReport {
    return loadInto(new Map(this.collect('', [])), state, `${this.constructor.name}.loadStateDict`, options);
  }

  private collect(prefix: string, path: readonly Module[]): [string, Tensor][] {
    if (path.includes(this)) {
      throw new Error(
        `${this.constructor.name}: the module at '${prefix.slice(0, -1)}' contains itself; ` +
          'keep a reference to a parent in a private #field',
      );
    }
    return this.fields()
      .flatMap(([name, value]) => flatten(`${prefix}${name}`, value))
      .flatMap(([name, value]): [string, Tensor][] => {
        if (value instanceof Module) return value.collect(`${name}.`, [...path, this]);
        return isParameter(value) ? [[name, value]] : [];
      });
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
