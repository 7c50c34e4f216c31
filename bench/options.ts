import { parseArgs } from 'node:util';

/** What a call of the command asks for. */
export interface Options {
  /** Names of the suites to run, in the order in which they stand in the list of all. */
  readonly suites: readonly string[];
  readonly quick: boolean;
  /** Whether other libraries are measured too. */
  readonly peers: boolean;
  /** Processes per measurement. */
  readonly repeat: number;
  /** Where the JSON goes. */
  readonly json: string | undefined;
  /** Overwrite that file. */
  readonly force: boolean;
  /** The Node binary that runs the measurements. */
  readonly node: string;
  readonly help: boolean;
}

/** A wrong call of the command: exit code 2. */
export class UsageError extends Error {}

const MAX_REPEATS = 100;

function readCount(text: string): number {
  const n = Number(text);
  if (/^\d+$/.test(text) && n >= 1 && n <= MAX_REPEATS) return n;
  throw new UsageError(`--repeat is '${text}'; it must be a whole number from 1 to ${MAX_REPEATS}`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        peers: { type: 'boolean' },
        'no-peers': { type: 'boolean' },
        repeat: { type: 'string' },
        json: { type: 'string' },
        force: { type: 'boolean', default: false },
        node: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    const problem = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new UsageError(`${problem}; --help lists the options`);
  }
}

/**
 * Reads the command line.
 * @param known the names of all suites
 * @throws UsageError for an unknown suite or option, or a value out of range.
 */
export function parseOptions(args: readonly string[], known: readonly string[]): Options {
  const { values, positionals } = parse(args);
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`no suite is named '${unknown}'; there are ${known.join(', ')}`);
  }
  if (values.peers && values['no-peers']) {
    throw new UsageError('--peers and --no-peers exclude each other; give one of them');
  }
  if (values.force && values.json === undefined) {
    throw new UsageError('--force says to overwrite the file of --json; give --json FILE too, or neither');
  }
  for (const name of ['json', 'node'] as const) {
    if (values[name] === '') throw new UsageError(`--${name} is empty; it must be the path of a file`);
  }
  return {
    suites: known.filter((name) => positionals.length === 0 || positionals.includes(name)),
    quick: values.quick,
    peers: values.peers ?? (values['no-peers'] ? false : !values.quick),
    repeat: values.repeat === undefined ? (values.quick ? 1 : 3) : readCount(values.repeat),
    json: values.json,
    force: values.force,
    node: values.node ?? process.execPath,
    help: values.help,
  };
}
