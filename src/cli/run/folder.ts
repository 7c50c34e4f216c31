import { mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { writeFileAtomic } from '../../data/atomic.js';
import { readFileBytes, readFileText } from '../../data/open.js';
import { type Checkpoint, type EpochMetrics, readCheckpoint } from '../../vae/index.js';
import { parseConfig, type RunConfig, type StoredConfig, shellWord } from '../../vae/run/config.js';
import { configText, FILES, metricsText, type RunFile } from '../../vae/run/files.js';
import { Failure, isSystemError } from '../errors.js';

/** A text that a person may write by hand is not longer. */
export const MAX_TEXT_BYTES = 2 ** 20;

async function entriesOf(path: string): Promise<string[] | null> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    if (isSystemError(error, 'ENOTDIR'))
      throw new Failure(`${path} is a file, not a folder; choose another --out`);
    throw error;
  }
}

/** The folder of a run. Every file is written atomically. */
export class RunFolder {
  private constructor(readonly path: string) {}

  /**
   * Makes the requested folder.
   * @throws Failure when it is not empty.
   */
  static async create(path: string): Promise<RunFolder> {
    const entries = await entriesOf(path);
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
    const entries = await entriesOf(folder);
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
   * The run's settings. A relative path of its data is resolved against the run folder, so that both can be moved together.
   * @throws CheckpointError when the file is damaged.
   */
  async readConfig(): Promise<StoredConfig> {
    const file = this.file('config');
    const config = parseConfig(await readFileText(file, MAX_TEXT_BYTES), file);
    const { folder } = config.data;
    return folder === null
      ? config
      : { ...config, data: { ...config.data, folder: resolve(this.path, folder) } };
  }

  /** The checkpoint's bytes. */
  async readCheckpoint(): Promise<Uint8Array> {
    return readFileBytes(this.file('checkpoint'));
  }

  /** The model of the last checkpoint. @throws CheckpointError when the file is damaged. */
  async loadModel(): Promise<Checkpoint['vae']> {
    return readCheckpoint(await this.readCheckpoint(), this.file('checkpoint')).vae;
  }
}
