import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { allFinite } from '../../autograd/ops/within.js';
import { addFolder, exists, makeFolder, WriteError, writeFileAtomic } from '../../data/atomic.js';
import { readFileBytes, readFileText } from '../../data/open.js';
import { zeros } from '../../tensor/create.js';
import {
  type Checkpoint,
  decode,
  type EpochMetrics,
  encode,
  readCheckpoint,
  type VAE,
} from '../../vae/index.js';
import { checkAgreement, parseMetrics } from '../../vae/run/agree.js';
import { parseConfig, type ReadConfig, type RunConfig, shellWord } from '../../vae/run/config.js';
import { configText, FILES, metricsText, type RunFile } from '../../vae/run/files.js';
import { Failure, isSystemError } from '../errors.js';
import { claim, hasStaleLock } from './lock.js';

/** A text that a person may write by hand is not longer. */
export const MAX_TEXT_BYTES = 2 ** 20;
/** An epoch takes a few hundred bytes, and 40 for each dimension of z. */
const MAX_METRICS_BYTES = 2 ** 27;

/** @param mend what to give in the place of a file */
async function entriesOf(path: string, mend: string): Promise<string[] | null> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    if (isSystemError(error, 'ENOTDIR'))
      throw new Failure(`${path} is a file, not a folder; ${mend}`, { cause: error });
    throw error;
  }
}

/** A run as it was read, its files in agreement. */
export interface LoadedRun {
  readonly config: ReadConfig;
  readonly checkpoint: Checkpoint;
  /** Of the checkpoint. */
  readonly bytes: Uint8Array;
}

/** @throws Failure where a model's numbers are finite, but what they come to is not. */
function checkComputes(vae: VAE, file: string): void {
  const labels = vae.condition === null ? undefined : [0];
  const { mean, logvar } = encode(vae, zeros([1, vae.features], { dtype: vae.dtype }), labels);
  const image = decode(vae, zeros([1, vae.latent], { dtype: vae.dtype }), labels);
  if (allFinite([mean, logvar, image])) return;
  throw new Failure(
    `${file}: the numbers of its model are too large to compute with; take a checkpoint from before the training diverged`,
  );
}

/** Names the process that trains or evaluates in the folder. */
const LOCK = '.lock';

/** What a process that was killed leaves: a file that was being written. */
const isTemporary = (entry: string): boolean =>
  entry.endsWith('.tmp') &&
  [LOCK, ...Object.values(FILES).map((name) => `.${name}`)].some((name) => entry.startsWith(`${name}.`));

/** What tells a folder from another of its name; null where there is none. */
const identityOf = async (path: string): Promise<string | null> =>
  stat(path).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => null,
  );

/** The folder of a training is no longer what it was. */
export class LostFolder extends Error {
  override readonly name = 'LostFolder';
}

/** The folder of a run. Every file is written atomically. */
export class RunFolder {
  /** What the claimed folder is; null before. */
  #identity: string | null = null;

  private constructor(readonly path: string) {}

  /** Makes this process the one that trains or evaluates here. @throws Failure naming the process that does so already */
  async claim(): Promise<this> {
    await claim(join(this.path, LOCK), this.path);
    this.#identity = await identityOf(this.path);
    // Nobody but the one who has claimed a folder writes in it.
    for (const entry of await readdir(this.path)) {
      if (isTemporary(entry)) await rm(join(this.path, entry), { force: true });
    }
    return this;
  }

  /** Whether the folder is the one that was claimed. */
  async isThere(): Promise<boolean> {
    return (await identityOf(this.path)) === this.#identity;
  }

  /** Lets others work here. */
  async release(): Promise<void> {
    if (this.#identity !== null && (await this.isThere())) await rm(join(this.path, LOCK), { force: true });
    this.#identity = null;
  }

  /** Removes what a training without a checkpoint has written, and the folder if nothing else is in it. */
  async abandon(): Promise<void> {
    if (!(await this.isThere()) || (await exists(this.file('checkpoint')))) return;
    await rm(this.file('config'), { force: true });
    await this.release();
    await rmdir(this.path).catch(() => undefined);
  }

  /**
   * Makes the requested folder.
   * @throws Failure when it is not empty.
   */
  static async create(path: string): Promise<RunFolder> {
    const look = async (): Promise<string[]> => (await entriesOf(path, 'choose another --out')) ?? [];
    const isOurs = (entry: string): boolean => entry === LOCK || isTemporary(entry);
    const check = async (): Promise<void> => {
      const entries = (await look()).filter((entry) => !isOurs(entry));
      if (entries.length === 0) return;
      const mend = entries.includes(FILES.checkpoint)
        ? `choose another --out, or continue that run with --resume ${shellWord(path)}`
        : 'choose another --out';
      throw new Failure(`${path} exists and is not empty, and a run overwrites nothing; ${mend}`);
    };
    const folder = new RunFolder(path);
    const entries = await look();
    // A training that was killed before its first checkpoint.
    const isAbandoned =
      entries.every((entry) => isOurs(entry) || entry === FILES.config) &&
      (await hasStaleLock(join(path, LOCK), path));
    if (!isAbandoned) await check();
    await makeFolder(path);
    await folder.claim();
    try {
      if (isAbandoned && !(await exists(folder.file('checkpoint'))))
        await rm(folder.file('config'), { force: true });
      // Another process may have trained here, and ended, since the first look.
      await check();
    } catch (error) {
      await folder.release();
      throw error;
    }
    return folder;
  }

  /** Makes runs/<name>-<n> with the first free n; simultaneous runs get different folders. */
  static async createNumbered(name: string, parent = 'runs'): Promise<RunFolder> {
    await makeFolder(parent);
    for (let n = 1; ; n++) {
      const path = join(parent, `${name}-${n}`);
      try {
        await addFolder(path);
      } catch (error) {
        if (isSystemError(error, 'EEXIST')) continue;
        throw new WriteError(path, error, 'the folder cannot be made');
      }
      return new RunFolder(path).claim();
    }
  }

  /**
   * Opens a run by the path of its folder or of a file in it.
   * @throws Failure when there is no run.
   */
  static async open(path: string): Promise<RunFolder> {
    const known: readonly string[] = Object.values(FILES);
    const folder = known.includes(basename(path)) ? dirname(path) : path;
    const entries = await entriesOf(folder, 'give the folder of a run');
    if (entries === null)
      throw new Failure(`there is no folder ${folder}; give the folder of a run, as runs/glyphs-latent2-1`);
    if (!entries.includes(FILES.checkpoint) || !entries.includes(FILES.config)) {
      throw new Failure(
        `${folder} is not the folder of a run: it has no ${entries.includes(FILES.config) ? FILES.checkpoint : FILES.config}; ` +
          "make a run with 'pathwise train'",
      );
    }
    return new RunFolder(folder);
  }

  file(name: RunFile): string {
    return join(this.path, FILES[name]);
  }

  /**
   * Replaces one of the run's files.
   * @throws LostFolder when the claimed folder was moved or removed, or has lost config.json by the next checkpoint; WriteError when
   * the disk refuses.
   */
  async write(name: RunFile, content: Uint8Array | string): Promise<void> {
    if (this.#identity !== null) {
      if (!(await this.isThere())) throw new LostFolder(`${this.path} was moved or removed meanwhile`);
      if (name === 'checkpoint' && !(await exists(this.file('config'))))
        throw new LostFolder(`${this.file('config')} was removed meanwhile`);
    }
    await writeFileAtomic(this.file(name), content, { overwrite: true });
  }

  /** Writes a file again if it is gone. */
  async restore(name: RunFile, content: () => Uint8Array | string): Promise<void> {
    if (!(await exists(this.file(name)))) await this.write(name, content());
  }

  async writeConfig(config: RunConfig): Promise<void> {
    await this.write('config', configText(config));
  }

  /** One line of JSON for each epoch. */
  async writeMetrics(history: readonly EpochMetrics[]): Promise<void> {
    await this.write('metrics', metricsText(history));
  }

  /**
   * The run's settings and its last checkpoint, which must agree with each other and with metrics.jsonl. A relative path of its data is
   * resolved against the run folder, so that both can be moved together.
   * @throws CheckpointError when a file is damaged or is of another run; DataError when it cannot be read.
   */
  async load(): Promise<LoadedRun> {
    const files = { config: this.file('config'), metrics: this.file('metrics') };
    const stored = parseConfig(await readFileText(files.config, MAX_TEXT_BYTES), files.config);
    // A training that goes on meanwhile writes its checkpoint first: read last, it has every epoch of the metrics.
    const epochs = (await exists(files.metrics))
      ? parseMetrics(await readFileText(files.metrics, MAX_METRICS_BYTES), files.metrics)
      : null;
    const bytes = await readFileBytes(this.file('checkpoint'));
    const checkpoint = readCheckpoint(bytes, this.file('checkpoint'));
    checkAgreement({ config: stored, epochs, checkpoint, files });
    checkComputes(checkpoint.vae, this.file('checkpoint'));
    const { folder } = stored.data;
    const data = { ...stored.data, folder: folder === null ? null : resolve(this.path, folder) };
    return { config: { ...stored, data }, checkpoint, bytes };
  }
}
