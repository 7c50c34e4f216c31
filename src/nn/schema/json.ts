import { quote, show } from '../../tensor/describe.js';
import { parseJson } from '../../tensor/json.js';
import { CheckpointError } from '../../tensor/safetensors.js';
import { readFields } from './read.js';
import type { Fields, Values } from './setting.js';

/** A value of a file's JSON and its path; reading it as anything else is a CheckpointError. */
export class JsonReader {
  private constructor(
    private readonly file: string,
    private readonly path: string,
    private readonly value: unknown,
  ) {}

  /** @param text what `metadata[name]` holds */
  static parse(file: string, name: string, text: string | undefined): JsonReader {
    if (text === undefined) throw new CheckpointError(file, undefined, `the metadata has no '${name}'`);
    try {
      return new JsonReader(file, name, parseJson(text));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new CheckpointError(file, undefined, `'${name}' is not JSON: ${why}`, { cause });
    }
  }

  fail(need: string, cause?: unknown): never {
    const found = this.value === undefined ? 'missing' : show(this.value);
    throw new CheckpointError(this.file, undefined, `${this.path} is ${found}; expected ${need}`, { cause });
  }

  private get isObject(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value);
  }

  get isNumber(): boolean {
    return typeof this.value === 'number';
  }

  get isNull(): boolean {
    return this.value === null;
  }

  get isMissing(): boolean {
    return this.value === undefined;
  }

  at(name: string): JsonReader {
    if (!this.isObject) this.fail('an object');
    const found = Object.entries(Object(this.value)).find(([key]) => key === name);
    return new JsonReader(this.file, `${this.path}.${name}`, found?.[1]);
  }

  items(): JsonReader[] {
    if (!Array.isArray(this.value)) return this.fail('a list');
    return this.value.map((item: unknown, i) => new JsonReader(this.file, `${this.path}[${i}]`, item));
  }

  /** An object of whatever names. */
  object(): object {
    return this.isObject ? Object(this.value) : this.fail('an object');
  }

  number(): number {
    return typeof this.value === 'number' && Number.isFinite(this.value) ? this.value : this.fail('a number');
  }

  /** An integer, by default of 0 or more. */
  count({ min = 0, max = Number.MAX_SAFE_INTEGER } = {}): number {
    const n = this.number();
    const range = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`;
    return Number.isSafeInteger(n) && n >= min && n <= max ? n : this.fail(`an integer ${range}`);
  }

  /** A text of a form. @param need what that is, for errors */
  text(form = /^/, need = 'a text'): string {
    return typeof this.value === 'string' && form.test(this.value) ? this.value : this.fail(need);
  }

  oneOf<const T extends string>(...names: readonly T[]): T {
    const found = names.find((name) => name === this.value);
    return found ?? this.fail(names.map((name) => `"${name}"`).join(' or '));
  }

  /** All settings of a schema. One that is missing, from a file older than the setting, has its default. */
  settings<F extends Fields>(fields: F): Values<F> {
    const inner = (path: string): string => (path === '' ? this.path : `${this.path}.${path}`);
    return readFields(fields, this.value, {
      wrong: (path, value, need) => new JsonReader(this.file, inner(path), value).fail(need),
      names: (path, given, known) => {
        const json = new JsonReader(this.file, inner(path), given);
        const unknown = Object.keys(json.isObject ? Object(given) : json.fail('an object')).find(
          (name) => !known.includes(name),
        );
        if (unknown === undefined) return;
        const problem = `${json.path} has ${quote(unknown)}, which this version does not know; there are ${known.join(', ')}`;
        throw new CheckpointError(this.file, undefined, problem);
      },
    });
  }

  /** Runs a check of what was read; what it throws becomes this reader's error. */
  checked<T>(check: () => T): T {
    try {
      return check();
    } catch (cause) {
      return this.fail(cause instanceof Error ? `valid values: ${cause.message}` : 'valid values', cause);
    }
  }
}
