import { join } from 'node:path';
import { writeFileAtomic } from '../../src/data/atomic.js';
import { readFileText } from '../../src/data/open.js';
import { JsonReader } from '../../src/nn/schema/json.js';

/** How far a kind is. */
export interface Tally {
  /** The number of the next one. */
  cases: number;
  tried: number;
  survived: number;
  seconds: number;
}

/** All that a session needs to go on. */
export interface State {
  readonly seed: number;
  readonly tallies: Map<string, Tally>;
}

const FILE = 'state.json';

/** The whole time, in seconds. */
export const secondsOf = ({ tallies }: State): number =>
  [...tallies.values()].reduce((sum, { seconds }) => sum + seconds, 0);

/** A state before the first case. */
export const newState = (seed: number, kinds: readonly string[]): State => ({
  seed,
  tallies: new Map(kinds.map((name) => [name, { cases: 0, tried: 0, survived: 0, seconds: 0 }])),
});

export async function writeState(folder: string, { seed, tallies }: State): Promise<void> {
  const text = JSON.stringify({ seed, kinds: Object.fromEntries(tallies) });
  await writeFileAtomic(join(folder, FILE), `${text}\n`, { overwrite: true });
}

/** @throws DataError or CheckpointError when the folder has no state that can be read. */
export async function readState(folder: string): Promise<State> {
  const file = join(folder, FILE);
  const json = JsonReader.parse(file, 'state', await readFileText(file));
  const kinds = json.at('kinds');
  const tally = (name: string): Tally => {
    const one = kinds.at(name);
    const [cases, tried, survived] = ['cases', 'tried', 'survived'].map((key) => one.at(key).count());
    return { cases, tried, survived, seconds: one.at('seconds').number() };
  };
  return {
    seed: json.at('seed').count(),
    tallies: new Map(Object.keys(kinds.object()).map((name) => [name, tally(name)])),
  };
}
