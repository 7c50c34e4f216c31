import { clip, quote } from './describe.js';

/** Objects and lists inside each other, as serde_json and so the reference reader of safetensors allow. */
const MAX_DEPTH = 127;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERALS = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Whether a string has half a surrogate pair, which UTF-8 cannot write. */
export const hasLoneSurrogate = (text: string): boolean => /\p{Cs}/u.test(text);

function finite(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw new SyntaxError(`the number ${clip(text)} is out of range`);
}

/** Reads one JSON text, by recursive descent that `MAX_DEPTH` bounds. */
class Parser {
  #at = 0;
  #depth = 0;

  constructor(
    private readonly text: string,
    private readonly number: (text: string) => unknown,
  ) {}

  whole(): unknown {
    const value = this.#value();
    this.#skipSpace();
    if (this.#at < this.text.length) this.#fail('the end');
    return value;
  }

  #fail(expected: string): never {
    const found = this.#at < this.text.length ? quote(this.text.slice(this.#at, this.#at + 20)) : 'the end';
    throw new SyntaxError(`found ${found} at character ${this.#at}, expected ${expected}`);
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  /** Whether the next character that is no space is this one, which is taken then. */
  #is(character: string): boolean {
    this.#skipSpace();
    const found = this.text[this.#at] === character;
    if (found) this.#at++;
    return found;
  }

  #value(): unknown {
    if (this.#is('{')) return this.#nested(() => this.#object());
    if (this.#is('[')) return this.#nested(() => this.#list());
    if (this.text[this.#at] === '"') return this.#string();
    NUMBER.lastIndex = this.#at;
    const number = NUMBER.exec(this.text)?.[0] ?? '';
    this.#at += number.length;
    if (number !== '') return this.number(number);
    for (const [word, value] of LITERALS) {
      if (!this.text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return this.#fail('a value');
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) {
      throw new SyntaxError(`more than ${MAX_DEPTH} objects and lists are inside each other`);
    }
    const value = read();
    this.#depth--;
    return value;
  }

  #string(): string {
    const { text } = this;
    const from = this.#at;
    if (text[from] !== '"') this.#fail('a string');
    let isPlain = true;
    let end = from + 1;
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if (code === 0x22) break;
      if (code === 0x5c) end++;
      isPlain &&= code !== 0x5c && code >= 0x20 && code < 0xd800;
    }
    const literal = text.slice(from, end + 1);
    // Only a string without escapes is known to be right without a closer look.
    const value = isPlain && end < text.length ? literal.slice(1, -1) : this.#unescaped(literal);
    this.#at = end + 1;
    return value;
  }

  #unescaped(literal: string): string {
    let value: unknown;
    try {
      value = JSON.parse(literal);
    } catch {
      this.#fail('a string');
    }
    if (typeof value === 'string' && !hasLoneSurrogate(value)) return value;
    throw new SyntaxError(`the string at character ${this.#at} has half a surrogate pair`);
  }

  #list(): unknown[] {
    const items: unknown[] = [];
    if (this.#is(']')) return items;
    do items.push(this.#value());
    while (this.#is(','));
    return this.#is(']') ? items : this.#fail("',' or ']'");
  }

  #object(): object {
    const entries = new Map<string, unknown>();
    if (this.#is('}')) return {};
    do {
      this.#skipSpace();
      const name = this.#string();
      if (entries.has(name)) throw new SyntaxError(`${quote(name)} is there twice in one object`);
      if (!this.#is(':')) this.#fail("':'");
      entries.set(name, this.#value());
    } while (this.#is(','));
    return this.#is('}') ? Object.fromEntries(entries) : this.#fail("',' or '}'");
  }
}

/**
 * The value of a JSON text from outside. Beside what JSON forbids, it refuses a name that is twice in one object, half a
 * surrogate pair, a number beyond float64, and nesting that would overflow the stack of whatever looks at the value.
 * @param number makes a value of a number as it is written. Defaults to a float64.
 * @throws SyntaxError saying where.
 */
export const parseJson = (text: string, number: (text: string) => unknown = finite): unknown =>
  new Parser(text, number).whole();
