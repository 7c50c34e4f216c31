import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { RunFolder } from '../../src/cli/run/folder.js';
import { decodeSafetensors } from '../../src/tensor/safetensors.js';
import { FILES } from '../../src/vae/run/files.js';
import { bundleCommand, type Outcome, type Spawn, type SpawnOptions } from '../cli/invoke.js';
import { timeless } from '../vae/training/runs.js';

const COMMON = ['--limit', '120', '--batch-size', '50', '--epochs', '30', '--offline'];

/** Small trainings, unlike each other in what a resume has to restore. */
const VARIANTS = [
  ['--hidden', '16'],
  ['--preset', 'latent20', '--hidden', '12', '--latent', '3', '--binarize', '--warmup', '10'],
  ['--preset', 'latent20', '--hidden', '8,6', '--latent', '2', '--clip-norm', '1', '--weight-decay', '0.01'],
];

/** Two are the same training, whatever it went through, when their contents are equal: all but times. */
export type Content = Readonly<Record<string, string>>;

/** A training, and what it comes to when nothing disturbs it. */
export interface Training {
  readonly words: readonly string[];
  /** The folder of the undisturbed run. */
  readonly run: string;
  readonly content: Content;
  /** What it took, in milliseconds. */
  readonly took: number;
  /** Of the folder. */
  readonly bytes: number;
}

const hash = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** What a run folder says, by part. */
async function contentOf(run: string): Promise<Content> {
  const { checkpoint, bytes } = await (await RunFolder.open(run)).load();
  const { tensors } = decodeSafetensors(bytes, run);
  const entries = (await readdir(run)).sort();
  const parts: Record<string, string> = {
    entries: entries.join(),
    positions: JSON.stringify(checkpoint.progress.positions),
    history: JSON.stringify(timeless(checkpoint.history)),
  };
  for (const [name, { data }] of tensors)
    parts[name] = hash(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  for (const name of entries)
    if (name.endsWith('.png') || name === FILES.config) parts[name] = hash(await readFile(join(run, name)));
  const lines = (await readFile(join(run, FILES.metrics), 'utf8')).trim().split('\n');
  parts.metrics = JSON.stringify(timeless(lines.map((line) => JSON.parse(line))));
  return parts;
}

/** The events that the command has printed; the last line may be cut off. */
export function eventsOf(out: string): Record<string, unknown>[] {
  const lines = out.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

/** What a killed process may leave beside the files of a run. */
export const isLeftOver = (entry: string): boolean => entry.endsWith('.tmp') || entry === '.lock';

const sizeOf = async (run: string): Promise<number> => {
  const all = await Promise.all((await readdir(run)).map((name) => readFile(join(run, name))));
  return all.reduce((sum, { length }) => sum + length, 0);
};

/** Milliseconds after which a process of the command hangs. On a busy machine it may take minutes. */
const LONGEST = 900_000;

/** Trainings by the command, in a folder. */
export class Runs {
  readonly #trainings = new Map<number, Promise<Training>>();

  private constructor(
    private readonly spawn: Spawn,
    private readonly place: string,
  ) {}

  static readonly #made = new Map<string, Promise<Runs>>();

  /** The ones that all kinds of a session share. @param place the folder of a kind */
  static beside(place: string): Promise<Runs> {
    const folder = join(dirname(place), 'runs');
    let made = Runs.#made.get(folder);
    if (made === undefined) {
      made = rm(folder, { recursive: true, force: true })
        .then(() => mkdir(folder, { recursive: true }))
        .then(async () => new Runs(await bundleCommand(folder), folder));
      Runs.#made.set(folder, made);
    }
    return made;
  }

  /** Runs the command. @throws Error when it hangs or shows a stack */
  async command(words: readonly string[], options: SpawnOptions = {}): Promise<Outcome> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let hangs = false;
    const outcome = await this.spawn(words, {
      ...options,
      onStart: (kill) => {
        timer = setTimeout(() => {
          hangs = true;
          kill('SIGKILL');
        }, LONGEST);
        options.onStart?.(kill);
      },
    });
    clearTimeout(timer);
    assert.ok(!hangs, `pathwise ${words.join(' ')} had not ended after ${LONGEST / 1000} s`);
    assert.doesNotMatch(outcome.err, /^ {4}at /m, 'a stack was shown');
    return outcome;
  }

  /** @throws Error when it does not end well without a disturbance */
  training(variant: number): Promise<Training> {
    const known = this.#trainings.get(variant);
    if (known !== undefined) return known;
    const made = this.#train(variant);
    this.#trainings.set(variant, made);
    return made;
  }

  async #train(variant: number): Promise<Training> {
    const words = ['train', ...COMMON, ...VARIANTS[variant]];
    const run = join(this.place, `undisturbed-${variant}`);
    const began = performance.now();
    await this.#finish([...words, '--out', run]);
    const took = performance.now() - began;
    return { words, run, took, content: await contentOf(run), bytes: await sizeOf(run) };
  }

  async #finish(words: readonly string[]): Promise<void> {
    const { code, err } = await this.command(words);
    assert.deepEqual({ code, err }, { code: 0, err: '' }, `pathwise ${words.join(' ')}`);
  }

  /** The words that take a training up where it stands, or begin it. */
  async wordsFor({ words }: Training, run: string): Promise<string[]> {
    const names: string[] = await readdir(run).catch(() => []);
    return names.includes(FILES.checkpoint) ? ['train', '--resume', run] : [...words, '--out', run];
  }

  /**
   * Checks what a disturbed training has left: a checkpoint that can be read, is of this training, and has every epoch that was
   * reported.
   * @param out all that its process has printed
   */
  async check({ run: whole }: Training, run: string, out: string): Promise<void> {
    const reported = eventsOf(out).filter(({ event }) => event === 'epoch');
    const epochs = Math.max(0, ...reported.map(({ epoch }) => Number(epoch)));
    const names: string[] = await readdir(run).catch(() => []);
    const known: readonly string[] = Object.values(FILES);
    const foreign = names.filter((name) => !known.includes(name) && !isLeftOver(name));
    assert.deepEqual(foreign, [], 'files that belong to no run');
    if (!names.includes(FILES.checkpoint)) {
      assert.equal(epochs, 0, 'epochs were reported, and there is no checkpoint');
      return;
    }
    const { history } = (await (await RunFolder.open(run)).load()).checkpoint;
    assert.ok(
      history.length >= epochs,
      `${epochs} epochs were reported, and the checkpoint has ${history.length}`,
    );
    const undisturbed = (await (await RunFolder.open(whole)).load()).checkpoint.history;
    assert.deepEqual(timeless(history), timeless(undisturbed.slice(0, history.length)));
  }

  /** Goes on to the end, undisturbed. @throws AssertionError when it is not the training that was never disturbed, bit for bit */
  async finish(training: Training, run: string): Promise<void> {
    await this.#finish(await this.wordsFor(training, run));
    assert.deepEqual(await contentOf(run), training.content);
  }

  /** A copy that has room, gone on with to the end. */
  async finishCopy(training: Training, run: string, copy: string): Promise<void> {
    await rm(copy, { recursive: true, force: true });
    await cp(run, copy, { recursive: true });
    await this.finish(training, copy);
    await rm(copy, { recursive: true, force: true });
  }
}

/** Which training a case disturbs. */
export const anyVariant = fc.nat(VARIANTS.length - 1);
/** Bits do not depend on it. */
export const anyThreads = fc.constantFrom('1', '2');
