import { Module } from '../../nn/module.js';
import { complete, type Fields, type Given, type Values } from '../../nn/schema/index.js';
import { quote } from '../../tensor/describe.js';
import type { DType } from '../../tensor/dtype.js';
import type { RandomStream } from '../../tensor/random/stream.js';

/** A part of a model as plain JSON: the name it is registered under, and its settings. */
export interface PartSpec {
  readonly name: string;
  readonly [setting: string]: unknown;
}

/** What the rest of a model asks of any part that has parameters. */
export interface PartContext {
  /** Where starting values come from. */
  readonly stream: RandomStream;
  readonly dtype: DType;
}

/** What is registered of a part. */
export interface PartDefinition<F extends Fields, Context, Part> {
  /** As specifications and checkpoints name it. */
  readonly name: string;
  /** One line: what it is. */
  readonly doc: string;
  /** Its settings, each declared once: type, range, default and help. */
  readonly settings: F;
  build(settings: Values<F>, context: Context): Part;
  /** Whether it can be in a model with these: what it refuses is not checked. Defaults to true. */
  fits?(model: { readonly isConditional: boolean }): boolean;
  /**
   * Settings that it is checked with in small models. Defaults to [{}].
   * @param inputs numbers that a body has to take, or the dimensions of z for a posterior
   * @param features numbers of an example, which a decoder puts out once or several times
   */
  examples?(inputs: number, features: number): readonly Given<F>[];
  /** At least how many parameters a model has because of it: a damaged file is refused before memory is taken for it. Defaults to 0. */
  minParameters?(settings: Values<F>): number;
}

/** Writes the specification of a part, with every default in place; callable without settings where none is required. */
export type PartFunction<F extends Fields> = (
  ...given: Record<never, never> extends Given<F> ? [settings?: Given<F>] : [settings: Given<F>]
) => PartSpec;

/** Registers a part of one kind; the function that it returns writes the part's specification. */
export type DefinePart<Context, Part> = <const F extends Fields>(
  definition: PartDefinition<F, Context, Part>,
) => PartFunction<F>;

const isPart = <Part extends object>(given: string | PartSpec | Part): given is Part =>
  given instanceof Module;

/** The parts of one kind that specifications can name. */
export class Registry<Context, Part extends object> {
  readonly #parts = new Map<string, PartDefinition<Fields, Context, Part>>();

  /**
   * @param kind as in 'likelihood'
   * @param define the function that registers one, for errors
   */
  constructor(
    readonly kind: string,
    private readonly define: string,
  ) {}

  /** Every part registered so far. */
  get definitions(): readonly PartDefinition<Fields, Context, Part>[] {
    return [...this.#parts.values()];
  }

  /** @throws Error when the name is taken. */
  add<const F extends Fields>(definition: PartDefinition<F, Context, Part>): PartFunction<F> {
    const { name, settings } = definition;
    if (this.#parts.has(name)) {
      throw new Error(
        `${this.define}: a ${this.kind} named ${quote(name)} exists already; choose another name`,
      );
    }
    this.#parts.set(name, definition as PartDefinition<Fields, Context, Part>);
    return (given?: Given<F>) => ({ name, ...complete(settings, given ?? ({} as Given<F>), name) });
  }

  #find(name: string, who: string): PartDefinition<Fields, Context, Part> {
    const found = this.#parts.get(name);
    if (found !== undefined) return found;
    throw new RangeError(
      `${who}: no ${this.kind} named ${quote(name)} is registered; there are ${[...this.#parts.keys()].join(', ')}. ` +
        `Import the module that defines it, or register it with ${this.define}({ name: ${quote(name)}, ... }) first`,
    );
  }

  /**
   * A specification with every default in place.
   * @throws RangeError or TypeError when no such part is registered, or a setting is out of range or does not exist.
   */
  complete(given: string | object, who: string): PartSpec {
    const spec: { readonly name?: unknown } = typeof given === 'string' ? { name: given } : given;
    if (typeof spec?.name !== 'string') {
      throw new TypeError(
        `${who}: the ${this.kind} needs a name, as in { name: '${this.definitions[0]?.name}' }`,
      );
    }
    const { name, ...settings } = spec;
    return {
      name,
      ...complete(this.#find(name, who).settings, settings, `${who}, ${this.kind} ${quote(name)}`),
    };
  }

  /** The part of a complete specification. */
  build({ name, ...settings }: PartSpec, context: Context): Part {
    return this.#find(name, this.kind).build(settings, context);
  }

  /** At least how many parameters the part of a complete specification has. */
  minParameters({ name, ...settings }: PartSpec): number {
    return this.#find(name, this.kind).minParameters?.(settings) ?? 0;
  }

  /**
   * A part as a model takes it: a registered one by its name or specification, or any other as it is.
   * @returns the part, and what gives its specification; that throws TypeError for a part which is not registered
   */
  resolve(
    given: string | PartSpec | Part,
    context: Context,
    who: string,
  ): { readonly part: Part; readonly spec: () => PartSpec } {
    if (isPart<Part>(given)) return { part: given, spec: () => this.#refuse(given) };
    const spec = this.complete(given, who);
    return { part: this.build(spec, context), spec: () => spec };
  }

  #refuse(part: object): never {
    const name = 'name' in part && typeof part.name === 'string' ? part.name : part.constructor.name;
    throw new TypeError(
      `VAE: the ${this.kind} ${quote(name)} is not registered, so no checkpoint could be read again; ` +
        `register it with ${this.define}({ name: ${quote(name)}, ... }) and give it by name`,
    );
  }
}
