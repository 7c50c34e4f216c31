/** Settings of the engine, for the whole process. Results do not depend on any of them but `fastMath`. */
export interface EngineOptions {
  /**
   * The most memory that models and steps may take, in MiB, at most 2047. It is reserved at first use and taken from the
   * machine as it is written to. 1024 unless given here or by PATHWISE_MEMORY.
   */
  readonly memory?: number;
  /** Threads that share the work of large ops; as many as the machine has cores, unless given here or by PATHWISE_THREADS. */
  readonly threads?: number;
  /** The tile of the matrix product, as in '4x8'; timed and chosen while running, unless given here or by PATHWISE_TILE. */
  readonly tile?: string;
  /** Fused multiply-add in matrix products where the engine has it: quicker, and bits then differ between machines. */
  readonly fastMath?: boolean;
}

type Name = keyof EngineOptions;
const NAMES: readonly Name[] = ['memory', 'threads', 'tile', 'fastMath'];

const settings: { -readonly [K in Name]?: EngineOptions[K] } = {};
const used = new Set<Name>();

/** A variable of the environment, where there is one. */
const environment = (name: string): string | undefined =>
  (typeof process === 'undefined' ? undefined : process.env?.[name]) || undefined;

function checkInteger(value: number, from: number, to: number, who: string): number {
  if (Number.isInteger(value) && value >= from && value <= to) return value;
  throw new RangeError(`${who} is ${value}; it must be an integer from ${from} to ${to}`);
}

const checks = {
  memory: (value: number, who: string): number => checkInteger(value, 8, 2047, who),
  threads: (value: number, who: string): number => checkInteger(value, 1, 64, who),
  tile: (value: string, who: string): string => {
    if (/^\d+x\d+$/.test(value)) return value;
    throw new RangeError(`${who} is '${value}'; it must be rows x columns, as in '4x8'`);
  },
  fastMath: (value: boolean, who: string): boolean => {
    if (typeof value === 'boolean') return value;
    throw new TypeError(`${who} is ${String(value)}; it must be true or false`);
  },
};

/**
 * Sets options of the engine, before anything has used them: at the start of a program.
 * @throws RangeError or TypeError for a value out of range, an option that does not exist, or one that is in use already.
 */
export function configure(options: EngineOptions): void {
  const unknown = Object.keys(options).find((name) => !NAMES.some((known) => known === name));
  if (unknown !== undefined) {
    throw new TypeError(`configure: there is no option '${unknown}'; there are ${NAMES.join(', ')}`);
  }
  const { memory, threads, tile, fastMath } = options;
  const given = {
    ...(memory !== undefined && { memory: checks.memory(memory, 'configure: memory') }),
    ...(threads !== undefined && { threads: checks.threads(threads, 'configure: threads') }),
    ...(tile !== undefined && { tile: checks.tile(tile, 'configure: tile') }),
    ...(fastMath !== undefined && { fastMath: checks.fastMath(fastMath, 'configure: fastMath') }),
  };
  const late = NAMES.find((name) => name in given && used.has(name) && given[name] !== settings[name]);
  if (late !== undefined) {
    throw new RangeError(`configure: ${late} is in use already; call configure before the first op`);
  }
  Object.assign(settings, given);
}

/** Reads an option for good: it cannot be changed any more. */
function take<K extends Name>(name: K, otherwise: () => EngineOptions[K]): EngineOptions[K] {
  if (!used.has(name)) {
    const given: EngineOptions[K] | undefined = settings[name];
    Object.assign(settings, { [name]: given ?? otherwise() });
    used.add(name);
  }
  return settings[name];
}

const number = (name: 'memory' | 'threads', variable: string): number | undefined => {
  const text = environment(variable);
  if (text === undefined) return undefined;
  if (Number.isNaN(Number(text))) throw new RangeError(`${variable} is '${text}'; it must be a number`);
  return checks[name](Number(text), variable);
};

/** @throws RangeError when PATHWISE_MEMORY is out of range. */
export const memoryOption = (): number => take('memory', () => number('memory', 'PATHWISE_MEMORY')) ?? 1024;

/** Undefined: as many as there are cores. @throws RangeError when PATHWISE_THREADS is out of range. */
export const threadsOption = (): number | undefined =>
  take('threads', () => number('threads', 'PATHWISE_THREADS'));

/** Undefined: to be chosen. @throws RangeError when PATHWISE_TILE is not of the form '4x8'. */
export const tileOption = (): string | undefined =>
  take('tile', () => {
    const text = environment('PATHWISE_TILE');
    return text === undefined ? undefined : checks.tile(text, 'PATHWISE_TILE');
  });

export const fastMathOption = (): boolean => take('fastMath', () => false) ?? false;

/**
 * Reads all options that the environment may give: so that a program finds what is wrong with them before it begins.
 * @throws RangeError when one is out of range.
 */
export function readOptions(): void {
  memoryOption();
  threadsOption();
  tileOption();
}
