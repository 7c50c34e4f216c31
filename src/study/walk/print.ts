import { type Expression, placesOf, type Reference } from './expression.js';

export interface PrintOptions {
  /** How an element is written: its name, or its number. */
  readonly element: (reference: Reference) => string;
  /** Terms of a sum that are written out, each with its own elements; without it a sum is written once, over its letters. */
  readonly most?: number;
  /** How a number of the formula itself is written. */
  readonly number?: (x: number) => string;
}

/** Tightest last. */
const COMPARISON = 1;
const SUM = 2;
const PRODUCT = 3;
const ATOM = 4;
const PRECEDENCE: Readonly<Record<string, number>> = { '+': SUM, '-': SUM, '*': PRODUCT, '/': PRODUCT };

interface Printed {
  readonly text: string;
  readonly precedence: number;
}

const atom = (text: string): Printed => ({ text, precedence: text.startsWith('-') ? 0 : ATOM });
const wrapped = ({ text, precedence }: Printed, least: number): string =>
  precedence < least ? `(${text})` : text;

/**
 * A formula as text, in the notation of a programming language with x^2 for squares. The
 * symbol of a primitive is an operator, the name of a function, or a text with its operand x in it.
 */
export function print(e: Expression, options: PrintOptions): string {
  const { element, most, number = String } = options;
  const write = (part: Expression): Printed => {
    switch (part.kind) {
      case 'number':
        return atom(number(part.value));
      case 'element':
        return atom(element(part));
      case 'apply':
        return application(part.primitive.symbol, part.args.map(write));
      case 'sum':
        return most === undefined ? letters(part) : terms(part, most);
    }
  };
  const application = (symbol: string, args: readonly Printed[]): Printed => {
    const [a, b] = args;
    if (symbol === '^2') return atom(`${wrapped(a, ATOM)}^2`);
    if (symbol === '-' && args.length === 1) return { text: `-${wrapped(a, PRODUCT)}`, precedence: 0 };
    if (/^\w+$/.test(symbol)) return atom(`${symbol}(${args.map(({ text }) => text).join(', ')})`);
    if (/\bx\b/.test(symbol)) {
      const text = symbol.replaceAll(/\bx\b/g, wrapped(a, PRODUCT));
      return symbol.endsWith(')') ? atom(text) : { text, precedence: SUM };
    }
    const own = PRECEDENCE[symbol] ?? COMPARISON;
    const tighter = symbol === '-' || symbol === '/' ? own + 1 : own;
    return { text: `${wrapped(a, own)} ${symbol} ${wrapped(b, tighter)}`, precedence: own };
  };
  const letters = ({ letters: names, term }: Expression & { kind: 'sum' }): Printed =>
    atom(`sum_${names.join('')}(${write(term(names)).text})`);
  const terms = ({ sizes, term }: Expression & { kind: 'sum' }, limit: number): Printed => {
    const count = sizes.reduce((product, n) => product * n, 1);
    const written: string[] = [];
    for (const at of placesOf(sizes)) {
      if (written.length === limit) break;
      written.push(wrapped(write(term(at)), SUM));
    }
    const more = count > written.length ? ` + ... (${count - written.length} more)` : '';
    return { text: `${written.join(' + ')}${more}`, precedence: SUM };
  };
  return write(e).text;
}
