import { createHash } from 'node:crypto';
import fc from 'fast-check';

/** What is kept of a case that fails: the content of a file, or the path of a folder to copy. */
export type Input = Uint8Array | string | { readonly folder: string };

/** One case of a kind. Seed, kind and number decide every draw of it. */
export class Case {
  readonly inputs = new Map<string, Input>();
  #draws = 0;

  constructor(
    readonly seed: number,
    readonly kind: string,
    readonly number: number,
    /** A folder that is the kind's own, and stays from case to case. */
    readonly place: string,
  ) {}

  draw<T>(arbitrary: fc.Arbitrary<T>): T {
    const text = JSON.stringify([this.seed, this.kind, this.number, this.#draws++]);
    const seed = createHash('sha256').update(text).digest().readInt32LE();
    return fc.sample(arbitrary, { seed, numRuns: 1 })[0];
  }

  /** Names what the case is tried on, to be kept if it fails. */
  keep<T extends Input>(name: string, input: T): T {
    this.inputs.set(name, input);
    return input;
  }
}

/** Tries a case; throws when something is wrong. @returns how many tries it was */
export type Attempt = (one: Case) => number | Promise<number>;

/** What is tried again and again. */
export interface Kind {
  readonly name: string;
  readonly doc: string;
  /** Of the time, beside those of the other kinds. */
  readonly share: number;
  /**
   * Makes what all cases need.
   * @param place a folder of the kind's own
   * @returns a sentence where this machine does not let it be tried
   */
  prepare(place: string): Promise<Attempt | string>;
}
