import { mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { allFinite } from '../../autograd/ops/within.js';
import { exists, writeFileAtomic } from '../../data/atomic.js';
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
    if (isSystemError(error, 'ENOTDIR')) throw new Failure(`${path} is a file, not a folder; ${mend}`);
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
  if (vae.condition !== null) return;
  const { mean, logvar } = encode(vae, zeros([1, vae.features], { dtype: vae.dtype }));
  const image = decode(vae, zeros([1, vae.latent], { dtype: vae.dtype }));
  if (allFinite([mean, logvar, image])) return;
  throw new Failure(
    `${file}: the numbers of its model are too large to compute with; take a checkpoint from before the training diverged`,
  );
}

/** The folder of a run. Every file is written atomically. */
export class RunFolder {
  private constructor(readonly path: string) {}

  /**
   * Makes the requested folder.
   * @throws Failure when it is not empty.
   */
  static async create(path: string): Promise<RunFolder> {
    const entries = await entriesOf(path, 'choose another --out');
    if (entries !== null && entries.length > 0) {
      const mend = entries.includes(FILES.checkpoint)
        ? `choose another --out, or continue that run with --resume ${shellWord(path)}`
        : 'choose another --out';
      throw new Failure(`${path} exists and is not empty, and a run overwrites nothing; ${mend}`);
    }
    await mkdir(path, { recursive: true });
    return new RunFolder(path);
  }

  /** Makes runs/<name>-<n> with the first free n; simultaneous runs get different folders. */
  static async createNumbered(name: string, parent = 'runs'): Promise<RunFolder> {
    await mkdir(parent, { recursive: true });
    for (let n = 1; ; n++) {
      const path = join(parent, `${name}-${n}`);
      try {
        await mkdir(path);
        return new RunFolder(path);
      } catch (error) {
        if (!isSystemError(error, 'EEXIST')) throw error;
      }
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

  /** Replaces one of the run's files. */
  async write(name: RunFile, content: Uint8Array | string): Promise<void> {
    await writeFileAtomic(this.file(name), content, { overwrite: true });
  }

  async writeConfig(config: RunConfig): Promise<void> {
    await this.write('config', configText(config));
  }

  /** One line of JSON for each epoch. */
  async writeMetrics(history: readonly EpochMetrics[]): Promise<void> {
    await this.write('metrics', metricsText(history));
  }

  /**
   * The run's settings and its last checkpoint, held against each other and against metrics.jsonl. A relative path of its data is
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
