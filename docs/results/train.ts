import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Found, Training } from './cards.js';

const ROOT = join(import.meta.dirname, '../..');

/** A training that has come to its end. */
export interface Done {
  readonly found: Found;
  /** Over all epochs, without evaluation. */
  readonly seconds: number;
}

/** The metrics of each epoch, as the run folder keeps them. */
function epochsOf(run: string): Done[] {
  const file = join(run, 'metrics.jsonl');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const { seconds, test }: { readonly seconds: number; readonly test: Found } = JSON.parse(line);
    const { loss, reconstruction, kl, activeUnits } = test;
    return { seconds, found: { loss, reconstruction, kl, activeUnits } };
  });
}

/** Runs a command with `--json`, and calls back with each object that it prints. @throws Error with what it said where it fails. */
async function command(
  args: readonly string[],
  onObject: (object: Record<string, unknown>) => void,
): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args, '--json'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  for await (const line of createInterface({ input: child.stdout })) onObject(JSON.parse(line));
  const code = await ended;
  if (code !== 0) throw new Error(`pathwise ${args.join(' ')}\nended with ${code}: ${said.trim()}`);
}

/** -log p(x) of a run's test images. */
async function evaluate(run: string, options: readonly string[]): Promise<Found['nll']> {
  let found: Found['nll'];
  await command(['evaluate', run, ...options], (object) => {
    const { evaluations } = object as unknown as Evaluated;
    const { value, error } = evaluations[0].result.logLikelihood;
    found = { value: -value, error };
  });
  return found;
}

/** What `pathwise evaluate --json` prints, as far as it is read here. */
interface Evaluated {
  readonly evaluations: readonly {
    readonly result: { readonly logLikelihood: { readonly value: number; readonly error: number } };
  }[];
}

/** How a training is run: its words, the data's among them, and where. */
export interface Plan extends Pick<Training, 'epochs'> {
  readonly options: readonly string[];
  readonly evaluate: readonly string[] | null;
  readonly run: string;
}

/**
 * Trains and evaluates by the command, as a person would; a run folder that is there already goes on from its checkpoint.
 * @param onEpoch called with the figures of each epoch, counted from 1
 * @throws Error where a command fails.
 */
export async function train(
  { options, epochs, evaluate: evaluation, run }: Plan,
  onEpoch: (epoch: number, found: Found) => void = () => undefined,
): Promise<Done> {
  const hasCheckpoint = existsSync(join(run, 'checkpoint.safetensors'));
  // A training that stopped in its first epoch has no checkpoint to go on from.
  if (!hasCheckpoint) rmSync(run, { recursive: true, force: true });
  if (epochsOf(run).length < epochs) {
    const how = hasCheckpoint ? ['--resume', run] : [...options, '--out', run];
    await command(['train', ...how, '--epochs', String(epochs)], ({ event }) => {
      const all = event === 'epoch' ? epochsOf(run) : [];
      const last = all.at(-1);
      if (last !== undefined) onEpoch(all.length, last.found);
    });
  }
  const all = epochsOf(run);
  const seconds = all.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const nll = evaluation === null ? undefined : await evaluate(run, evaluation);
  return { found: { ...all[epochs - 1].found, ...(nll && { nll }) }, seconds };
}
