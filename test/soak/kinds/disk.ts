import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { EXIT } from '../../../src/cli/errors.js';
import { messageOf } from '../../../src/tensor/describe.js';
import { FILES } from '../../../src/vae/run/files.js';
import type { SpawnOptions } from '../../cli/invoke.js';
import type { Case, Kind } from '../kind.js';
import { anyVariant, isLeftOver, Runs } from '../runs.js';

const call = promisify(execFile);

/** Where a failed training says that it kept its last good step. */
const KEPT = /is kept in .*; go on with: pathwise train --resume '?(.*?)'?$/m;

/**
 * A training in `run` that may run out of room: it ends well, or says so by the name of a file, leaves what it had, and can go on from
 * everything that it left.
 * @param reason what the error says
 * @returns how many trainings ran out of room
 */
async function withoutRoom(
  one: Case,
  runs: Runs,
  run: string,
  reason: string,
  options: SpawnOptions,
): Promise<number> {
  const training = await runs.training(one.draw(anyVariant));
  const copy = join(one.place, 'copy');
  const { code, out, err } = await runs.command([...training.words, '--out', run], options);
  one.keep('output.txt', `${code}\n${out}\n${err}`);
  one.keep('run', { folder: run });
  await runs.check(training, run, out);
  if (code === EXIT.done) {
    await runs.finishCopy(training, run, copy);
    return 0;
  }
  assert.equal(code, EXIT.failed);
  assert.match(err, new RegExp(`^error: /\\S+: .*${reason}`));
  const names: string[] = await readdir(run).catch(() => []);
  assert.deepEqual(names.filter(isLeftOver), [], 'temporary files');
  const kept = KEPT.exec(err)?.[1];
  if (kept !== undefined) await runs.finishCopy(training, kept, copy);
  if (names.includes(FILES.checkpoint)) await runs.finishCopy(training, run, copy);
  return 1;
}

const KIB = 1024;

async function unmount(disk: string): Promise<void> {
  await call('umount', [disk]).catch(() => undefined);
}

async function mount(disk: string, bytes: number, inodes: number): Promise<void> {
  await mkdir(disk, { recursive: true });
  await call('mount', ['-t', 'tmpfs', '-o', `size=${bytes},nr_inodes=${inodes}`, 'tmpfs', disk]);
}

/** A small file system that fills up. */
export const disk: Kind = {
  name: 'disk',
  doc: 'trainings on a file system that fills up',
  share: 5,
  async prepare(place) {
    const path = join(place, 'disk');
    try {
      await mount(path, KIB * KIB, 10);
    } catch (error) {
      return `no file system can be mounted here (${messageOf(error).split('\n')[0]})`;
    } finally {
      await unmount(path);
    }
    const runs = await Runs.beside(place);
    return async (one) => {
      const { bytes } = await runs.training(0);
      const size = Math.ceil(one.draw(fc.double({ min: 0.02, max: 1.3, noNaN: true })) * bytes);
      // A disk may also be full of names.
      const inodes = one.draw(fc.oneof(fc.constant(1000), fc.integer({ min: 2, max: 10 })));
      const elsewhere = join(place, 'elsewhere');
      await rm(elsewhere, { recursive: true, force: true });
      await mkdir(elsewhere);
      await unmount(path);
      await mount(path, size, inodes);
      try {
        const TMPDIR = one.draw(fc.boolean()) ? elsewhere : path;
        return await withoutRoom(one, runs, join(path, 'run'), 'the disk is full', { env: { TMPDIR } });
      } finally {
        await unmount(path);
      }
    };
  },
};

/** The same where nothing can be mounted: a limit on the size of each file. */
export const fileSize: Kind = {
  name: 'file-size',
  doc: 'trainings that may write no file above a size',
  share: 3,
  async prepare(place) {
    const runs = await Runs.beside(place);
    return async (one) => {
      const { bytes } = await runs.training(0);
      // In blocks of 512 bytes.
      const blocks = Math.ceil((one.draw(fc.double({ min: 0, max: 1, noNaN: true })) * bytes) / 512);
      const folder = join(place, 'limited');
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder);
      const options = { limit: `-f ${blocks}`, env: { TMPDIR: folder } };
      return withoutRoom(
        one,
        runs,
        join(folder, 'run'),
        'the file is larger than the system allows here',
        options,
      );
    };
  },
};
