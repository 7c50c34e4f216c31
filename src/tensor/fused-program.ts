/** An operand of a step: an input of the program, what an earlier step gave, or a number. */
export type Source = { readonly input: number } | { readonly step: number } | { readonly constant: number };

/** An application of an elementwise op. */
export interface FusedStep {
  readonly op: string;
  readonly attributes: unknown;
  readonly sources: readonly Source[];
}

/** Elementwise ops, one after another, to be computed in one pass; the last one's result is the program's. */
export interface FusedProgram {
  readonly name: string;
  /** Number of inputs. */
  readonly arity: number;
  readonly steps: readonly FusedStep[];
}
