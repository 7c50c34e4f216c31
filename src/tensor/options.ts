import { clip, quote } from './describe.js';
import { checkOptions } from './known-options.js';

/** Settings of the engine, for the whole process. Results do not depend on any of them but `fastMath`. */
export interface EngineOptions {
  /**
   * The most memory that models and scopes may take, in MiB, at most 2047. It is reserved at first use and taken from the
   * machine as it is written to. Defaults to PATHWISE_MEMORY, or 1024.
   */
  readonly memory?: number;
  /** Threads that share the work of large ops. Defaults to PATHWISE_THREADS, or as many as the machine has cores. */
  readonly threads?: number;
  /** The tile of the matrix product, as in '4x8'. Defaults to PATHWISE_TILE, or is timed and chosen while running. */
  readonly tile?: string;
  /** Fused multiply-add in matrix products where the engine has it: faster, and bits then differ between machines. */
  readonly fastMath?: boolean;
}

type Name = keyof EngineOptions;

/** Which values an option takes, and what to say of others. */
interface Rule {
  readonly takes: (value: unknown) => boolean;
  readonly need: string;
}

const integer = (from: number, to: number): Rule => ({
  takes: (x) => typeof x === 'number' && Number.isInteger(x) && x >= from && x <= to,
  need: `an integer from ${from} to ${to}`,
});

const rules: Readonly<Record<Name, Rule>> = {
  memory: integer(8, 2047),
  threads: integer(1, 64),
  tile: { takes: (x) => /^\d+x\d+$/.test(String(x)), need: "rows x columns, as in '4x8'" },
  fastMath: { takes: (x) => typeof x === 'boolean', need: 'true or false' },
};

const isName = (name: string): name is Name => Object.hasOwn(rules, name);

/** @throws RangeError */
function check(name: Name, value: unknown, who: string): void {
  const { takes, need } = rules[name];
  const shown = typeof value === 'string' ? quote(value) : clip(String(value));
  if (!takes(value)) throw new RangeError(`${who} is ${shown}; it must be ${need}`);
}

const settings: { -readonly [K in Name]?: EngineOptions[K] } = {};
const used = new Set<Name>();

/**
 * Sets options of the engine, before anything has used them: at the start of a program.
 * @throws RangeError for a value out of range, or an option that is in use already; TypeError for one that does not exist.
 */
export function configure(options: EngineOptions): void {
  checkOptions(options, Object.keys(rules), 'configure');
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (!isName(name)) continue;
    check(name, value, `configure: ${name}`);
    if (used.has(name) && value !== settings[name]) {
      throw new RangeError(`configure: ${name} is in use already; call configure before the first op`);
    }
  }
  Object.assign(settings, Object.fromEntries(given));
}

/** Reads an option for good: from here on it cannot be changed. @param parse makes it of a variable of the environment */
function take<K extends Name>(name: K, parse?: (text: string) => unknown): EngineOptions[K] {
  if (!used.has(name)) {
    const variable = `PATHWISE_${name.toUpperCase()}`;
    const text = typeof process === 'undefined' ? '' : process.env?.[variable];
    if (settings[name] === undefined && parse !== undefined && text) {
      const value = parse(text);
      if (Number.isNaN(value)) throw new RangeError(`${variable} is ${quote(text)}; it must be a number`);
      check(name, value, variable);
      Object.assign(settings, { [name]: value });
    }
    used.add(name);
  }
  return settings[name];
}

/** @throws RangeError when PATHWISE_MEMORY is out of range. */
export const memoryOption = (): number => take('memory', Number) ?? 1024;

/** Undefined: as many as there are cores. @throws RangeError when PATHWISE_THREADS is out of range. */
export const threadsOption = (): number | undefined => take('threads', Number);

/** Undefined: to be chosen. @throws RangeError when PATHWISE_TILE is not of the form '4x8'. */
export const tileOption = (): string | undefined => take('tile', String);

export const fastMathOption = (): boolean => take('fastMath') ?? false;

/**
 * Reads all options that the environment may give: so that a program finds what is wrong with them before it begins.
 * @throws RangeError when one is out of range.
 */
export function readOptions(): void {
  memoryOption();
  threadsOption();
  tileOption();
}
