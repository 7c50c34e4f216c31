/** A dimension of a test shape: a fixed size, or a name that stands for one drawn size wherever it is repeated. */
export type Dimension = number | string;

/** Sizes drawn for the named dimensions of a case. */
export type Sizes = Readonly<Record<string, number>>;

/** One kind of call to check: which shapes fit together, and the attributes that go with them. */
export interface DomainCase<Given> {
  /**
   * - 'any': one shape of rank 0 to 3 for all inputs;
   * - 'broadcast': a shape for each input, that broadcast together;
   * - a list with the dimensions of each input: `[['m', 'k'], ['k', 'n']]`.
   */
  readonly shapes: 'any' | 'broadcast' | readonly (readonly Dimension[])[];
  /** Attributes of the call; a function of the drawn sizes where they depend on them. */
  readonly attributes?: Given | ((sizes: Sizes) => Given);
  /** A word for reports; by default the attributes themselves. */
  readonly label?: string;
}

/** Values an input is drawn from. */
export interface InputRange {
  readonly range: readonly [low: number, high: number];
  /** Draw from these values only, instead of from the range: for inputs that select (the condition of `where`). */
  readonly values?: readonly number[];
  /** Points where the derivative jumps; drawn values keep away from them. */
  readonly kinks?: readonly number[];
}

/** Where an op is differentiable and tested: plain data, turned into random cases by `pathwise/testing`. */
export interface Domain<Given> {
  /** Values of each input; a single entry serves all of them. */
  readonly inputs: readonly InputRange[];
  readonly cases: readonly DomainCase<Given>[];
  /** Values that meet in one element or reduction must keep apart (maximum, max). */
  readonly distinct?: boolean;
  /** The output is a step or is detached on purpose: the rules must give zero, or no gradient at all. */
  readonly derivative?: 'none';
}

/** A domain as an op declares it: inputs default to -3 to 3. */
export type DomainSpec<Given> = Omit<Domain<Given>, 'inputs'> & Partial<Pick<Domain<Given>, 'inputs'>>;
