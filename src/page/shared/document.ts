/** A number that a person changes, by the code that it stands in: `tensor([1.5])`. */
export interface Control {
  readonly name: string;
  /** Where the number begins and ends in the code of its snippet. */
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** Where the live view shows what a line of an output prints. */
export interface NumberLink {
  /** How the line begins. */
  readonly label: string;
  readonly address: string;
  /** Selects the element with each number of the line, in order. */
  readonly shown: readonly string[];
}

/** An answer to choose, and the live numbers for which it is the right one. */
export interface Choice {
  readonly html: string;
  readonly from: number;
  readonly to: number;
}

/** Where the number that answers a question comes from. */
export type Source =
  /** An element of the live view. */
  | { readonly kind: 'view'; readonly address: string; readonly shown: string }
  /** A number of the line that begins with `label`, printed by the snippets with other values of their controls. */
  | {
      readonly kind: 'run';
      readonly values: Readonly<Record<string, number>>;
      readonly label: string;
      /** Which number of the line, from 0. */
      readonly index: number;
    };

/** A question before a result. */
export interface Prediction {
  readonly question: string;
  readonly choices: readonly Choice[];
  readonly answer: string;
  readonly source: Source;
}

/** A snippet of code that runs after those above it. */
export interface Snippet {
  readonly index: number;
  readonly code: string;
  readonly controls: readonly Control[];
  /** Asked between the code and its output. */
  readonly prediction: Prediction | null;
  /** As the text prints it; null where it prints nothing. */
  readonly printed: string | null;
  readonly links: readonly NumberLink[];
}

export type Block =
  | { readonly kind: 'html'; readonly html: string }
  | { readonly kind: 'formula'; readonly lines: readonly string[] }
  | { readonly kind: 'snippet'; readonly snippet: Snippet }
  | { readonly kind: 'prediction'; readonly prediction: Prediction }
  /** From here on the live view is at this address. */
  | { readonly kind: 'live'; readonly address: string };

export interface Section {
  readonly id: string;
  /** HTML. */
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A text of `docs`, read for the page when it is built. The first section is what comes before all headings. */
export interface LiveDocument {
  readonly title: string;
  readonly sections: readonly Section[];
}

/** The snippets of a document as functions, for the worker. */
export interface ProgramPart {
  /** The earlier snippets whose names it uses. */
  readonly needs: readonly number[];
  /**
   * @param names what the snippets that it needs have declared
   * @param print receives each line
   * @param values of its controls
   * @returns what it declares
   */
  run(
    names: Readonly<Record<string, unknown>>,
    print: { log(...parts: unknown[]): void },
    values: readonly number[],
  ): Record<string, unknown>;
}

/** A number as text, and where it begins in a line. */
export interface Found {
  readonly text: string;
  readonly at: number;
}

/** Numbers that stand for themselves: not in a name, a shape, or the number of a node. */
const NUMBER = /(?<![\w.%[\]/(^-])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w\]/]|\.\d)/g;

/** The numbers of a line of output. */
export const numbersIn = (line: string): Found[] =>
  [...line.matchAll(NUMBER)].map((match) => ({ text: match[0], at: match.index }));

/** Whether a number is what `printed` shows: equal to all digits printed. */
export function agrees(printed: string, live: number): boolean {
  const [mantissa, exponent = '0'] = printed.split('e');
  const decimals = mantissa.split('.')[1]?.length ?? 0;
  const unit = 10 ** (Number(exponent) - decimals);
  const value = Number(printed);
  // A tie may be rounded either way, and decimal fractions are not exact.
  return Math.abs(value - live) <= unit / 2 + 1e-9 * Math.abs(value);
}
