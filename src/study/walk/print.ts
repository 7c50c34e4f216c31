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
const PRECEDENCE = { '+': 1, '-': 1, '*': 2, '/': 2 } as const;
const ATOM = 3;

interface Printed {
  readonly text: string;
  readonly precedence: number;
}

const atom = (text: string): Printed => ({ text, precedence: text.startsWith('-') ? 0 : ATOM });
const wrapped = ({ text, precedence }: Printed, least: number): string =>
  precedence < least ? `(${text})` : text;

/** A formula as text, in the notation of a programming language with x^2 for squares. */
export function print(e: Expression, options: PrintOptions): string {
  const { element, most, number = String } = options;
  const write = (part: Expression): Printed => {
    switch (part.kind) {
      case 'number':
        return atom(number(part.value));
      case 'element':
        return atom(element(part));
      case 'operator': {
        const own = PRECEDENCE[part.operator];
        const [a, b] = [write(part.a), write(part.b)];
        const isNegative = part.operator === '-' && part.a.kind === 'number' && part.a.value === 0;
        if (isNegative) return { text: `-${wrapped(b, own + 1)}`, precedence: 0 };
        const tighter = part.operator === '-' || part.operator === '/' ? own + 1 : own;
        return { text: `${wrapped(a, own)} ${part.operator} ${wrapped(b, tighter)}`, precedence: own };
      }
      case 'call': {
        const args = part.args.map(write);
        if (part.name === 'square') return atom(`${wrapped(args[0], ATOM)}^2`);
        if (part.name === 'expm1') return { text: `exp(${args[0].text}) - 1`, precedence: PRECEDENCE['-'] };
        return atom(`${part.name}(${args.map(({ text }) => text).join(', ')})`);
      }
      case 'where': {
        const [a, b, yes, no] = [part.a, part.b, part.yes, part.no].map(write);
        return atom(`where(${a.text} > ${b.text}, ${yes.text}, ${no.text})`);
      }
      case 'sum':
        return most === undefined ? letters(part) : terms(part, most);
    }
  };
  const letters = ({ letters: names, term }: Expression & { kind: 'sum' }): Printed =>
    atom(`sum_${names.join('')}(${write(term(names)).text})`);
  const terms = ({ sizes, term }: Expression & { kind: 'sum' }, limit: number): Printed => {
    const count = sizes.reduce((product, n) => product * n, 1);
    const written: string[] = [];
    for (const at of placesOf(sizes)) {
      if (written.length === limit) break;
      written.push(wrapped(write(term(at)), PRECEDENCE['+']));
    }
    const more = count > written.length ? ` + ... (${count - written.length} more)` : '';
    return { text: `${written.join(' + ')}${more}`, precedence: PRECEDENCE['+'] };
  };
  return write(e).text;
}
