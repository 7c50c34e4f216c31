import { existsSync, openSync, renameSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeError } from '../../src/cli/errors.js';
import { JsonReporter } from '../../src/cli/progress/json.js';
import { RunFolder } from '../../src/cli/run/folder.js';
import { claim } from '../../src/cli/run/lock.js';
import { train } from '../../src/cli/train/session.js';
import { readCheckpoint, type StepEvent } from '../../src/vae.js';
import {
  bundledCommand,
  inProcess,
  jsonLines,
  type Outcome,
  spawnedFromSource,
  temporaryFolder,
} from './harness.js';

const spawned = await bundledCommand();
const place = await temporaryFolder();
const TINY = ['--limit', '120', '--hidden', '16', '--batch-size', '50', '--seed', '3'];
const FILES = ['checkpoint.safetensors', 'config.json', 'latent.png', 'manifold.png', 'metrics.jsonl'];
const WHOLE = [...FILES, 'reconstructions.png', 'report.html', 'samples.png'];

/** Trains until `act` is called once, after the second epoch. */
function trainUntil(
  out: string,
  act: (kill: (signal: NodeJS.Signals) => void, text: string) => void,
  ...more: string[]
): Promise<Outcome> {
  let acted = false;
  return spawned(['train', ...TINY, '--epochs', '100000', '--out', out, ...more], {
    cwd: place,
    onOutput: (text, kill) => {
      if (acted || !text.includes('"epoch":2')) return;
      acted = true;
      act(kill, text);
    },
  });
}

/** Runs the command with its output on a device that is always full. */
const onFullDisk = (args: readonly string[]): Promise<Outcome> =>
  spawned(args, { stdout: openSync('/dev/full', 'w') });

it('leaves no lock where the disk lets it be made but not written', async () => {
  const run = join(place, 'unlocked');
  const { code, err } = await spawned(['train', ...TINY, '--out', run], { limit: '-f 0' });
  const why = 'it cannot be written: the file is larger than the system allows here';
  expect([code, err]).toEqual([1, `error: ${join(run, '.lock')}: ${why}\n`]);
  expect(await readdir(run)).toEqual([]);
});

describe('output that cannot be written', () => {
  it('does not end a training whose own disk has room', async () => {
    const run = join(place, 'unlogged');
    const { code, err } = await onFullDisk(['train', ...TINY, '--epochs', '2', '--out', run]);
    expect(err).toBe(
      'error: the output cannot be written: the disk is full; the training goes on without it\n',
    );
    expect(code).toBe(0);
    expect(await readdir(run)).toEqual(WHOLE);
  });

  it('fails any other command, without a stack', async () => {
    for (const args of [['graph'], ['--version'], ['train', '--help']]) {
      const { code, err } = await onFullDisk(args);
      expect(err).toBe('error: the output cannot be written: the disk is full\n');
      expect(code).toBe(1);
    }
  });

  it('does not end a training when its reader leaves', async () => {
    const run = join(place, 'unread');
    const { code } = await spawned(['train', ...TINY, '--epochs', '6', '--out', run], {
      onOutput: (_, __, leave) => leave(),
    });
    expect(code).toBe(0);
    expect(await readdir(run)).toEqual(WHOLE);
    expect(jsonLines(await readFile(join(run, 'metrics.jsonl'), 'utf8'))).toHaveLength(6);
  });
});

describe('a folder that cannot be made', () => {
  it.each(['/proc/run', '/proc/a/b/c', '/dev/null/run'])('is refused by name: %s', async (out) => {
    const { code, err } = await inProcess('train', ...TINY, '--epochs', '1', '--out', out);
    expect(err).toMatch(/^error: \/.*: the folder cannot be made|is a file, not a folder/);
    expect(code).toBe(1);
  });
});

describe('too many open files', () => {
  it('are named with what they keep from starting, without a stack', async () => {
    const run = join(place, 'few');
    const errors: string[] = [];
    for (const most of [20, 22, 24]) {
      const words = ['train', ...TINY, '--epochs', '1', '--out', run];
      const { code, err } = await spawned(words, { limit: `-n ${most}` });
      expect([code, err]).toEqual([1, expect.stringMatching(/^error: .*\n$/)]);
      errors.push(err);
    }
    expect(errors).toContain('error: a thread cannot start: too many files are open\n');
    expect(errors.join('')).toMatch(/error: \/.*: too many files are open/);
    expect(existsSync(run)).toBe(false);
  });

  it('are said of a folder as of a file', () => {
    const refused = Object.assign(new Error('EMFILE: raw'), { code: 'EMFILE', syscall: 'scandir' });
    expect(describeError(refused, false)).toBe('error: scandir: too many files are open');
    const named = Object.assign(refused, { path: '/runs/a' });
    expect(describeError(named, false)).toBe('error: /runs/a: too many files are open');
  });
});

describe('signals', () => {
  it.each(['SIGTERM', 'SIGHUP'] as const)('%s ends a training as Ctrl-C does', async (signal) => {
    const { code, out, err } = await trainUntil(signal, (kill) => kill(signal));
    expect([code, err]).toEqual([130, '']);
    expect(jsonLines(out).at(-1)).toMatchObject({ event: 'interrupted' });
    expect(await readdir(join(place, signal))).toEqual([
      'checkpoint.safetensors',
      'config.json',
      'metrics.jsonl',
    ]);
  });

  it('Ctrl-C ends the report, which --resume then writes', async () => {
    let sent = false;
    const { code, out } = await spawned(['train', ...TINY, '--epochs', '1', '--out', 'unreported'], {
      cwd: place,
      onOutput: (text, kill) => {
        if (sent || !text.includes('"notice"')) return;
        sent = true;
        kill('SIGINT');
      },
    });
    expect(code).toBe(130);
    expect(jsonLines(out).at(-1)).toMatchObject({ event: 'interrupted' });
    const run = join(place, 'unreported');
    expect(await readdir(run)).not.toContain('report.html');
    expect((await inProcess('train', '--resume', run)).code).toBe(0);
    expect(await readdir(run)).toEqual(WHOLE);
  });

  it('ends at once at a second Ctrl-C, in the middle of a step', async () => {
    const wide = ['--hidden', '3000,3000', '--batch-size', '3000', '--limit', '3000', '--threads', '1'];
    let asked = 0;
    const { code, out } = await spawned(['train', ...wide, '--out', 'wide'], {
      cwd: place,
      onOutput: (_, kill) => {
        if (asked > 0) return;
        asked = performance.now();
        setTimeout(() => kill('SIGINT'), 500);
        setTimeout(() => kill('SIGINT'), 1200);
      },
    });
    const took = performance.now() - asked;
    expect(code).toBe(130);
    expect(jsonLines(out).map(({ event }) => event)).toEqual(['start']);
    // One step takes longer, and ends with a checkpoint.
    expect(took).toBeLessThan(20_000);
    // The lock that it leaves is a dead process's, which does not keep the name from others.
    expect(await readdir(join(place, 'wide'))).toEqual(['.lock', 'config.json']);
    const again = await inProcess('train', ...TINY, '--epochs', '1', '--out', join(place, 'wide'));
    expect([again.code, again.err]).toEqual([0, '']);
    expect(await readdir(join(place, 'wide'))).toEqual(WHOLE);
  });
});

describe('the source', () => {
  it('trains in a thread as what is installed does', async () => {
    const { code, out, err } = await spawnedFromSource(
      ['train', ...TINY, '--epochs', '1', '--out', 'source'],
      {
        cwd: place,
      },
    );
    expect([code, err]).toEqual([0, '']);
    expect(jsonLines(out).at(-1)).toMatchObject({ event: 'end' });
  });
});

describe('one folder, several processes', () => {
  it('is claimed by one of them, new or empty', async () => {
    for (const name of ['new', 'empty']) {
      const path = join(place, name);
      if (name === 'empty') await mkdir(path);
      const claims = await Promise.allSettled(Array.from({ length: 8 }, () => RunFolder.create(path)));
      expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      await expect(RunFolder.create(path)).rejects.toThrow(
        `${path} is in use: process ${process.pid} works there`,
      );
    }
  });

  it('is not resumed while another process works there, who is named', async () => {
    const run = join(place, 'busy');
    let second: Promise<Outcome> | undefined;
    let owner: unknown;
    await trainUntil('busy', async (kill) => {
      owner = JSON.parse(await readFile(join(run, '.lock'), 'utf8')).pid;
      second = inProcess('train', '--resume', run, '--epochs', '100001');
      await second;
      kill('SIGINT');
    });
    expect(await second).toEqual({
      code: 1,
      out: '',
      err: `error: ${run} is in use: process ${owner} works there\n`,
    });
    expect(await readdir(run)).not.toContain('.lock');
  });

  it('may be resumed after its process has died, and temporary files go', async () => {
    const run = join(place, 'dead');
    await trainUntil('dead', (kill) => kill('SIGKILL'));
    expect(await readdir(run)).toContain('.lock');
    await writeFile(join(run, '.checkpoint.safetensors.0.tmp'), 'half');
    // The number of a process is used again: this one lives, but began at another time.
    await writeFile(join(run, '.lock'), JSON.stringify({ pid: process.pid, host: hostname(), started: '1' }));
    const done = jsonLines(await readFile(join(run, 'metrics.jsonl'), 'utf8')).length;
    const resumed = await inProcess('train', '--resume', run, '--epochs', String(done + 2));
    expect([resumed.code, resumed.err]).toEqual([0, '']);
    expect(await readdir(run)).toEqual(WHOLE);
  });

  it('is not taken from a process of another machine', async () => {
    const run = join(place, 'shared');
    await mkdir(run);
    await writeFile(join(run, '.lock'), JSON.stringify({ pid: 1, host: 'elsewhere', started: '1' }));
    await expect(RunFolder.create(run)).rejects.toThrow(
      `process 1 works there on elsewhere; if it has ended, remove ${join(run, '.lock')}`,
    );
  });

  it('has a lock whose content writes nothing on the terminal, and no process group for its owner', async () => {
    const run = join(place, 'forged');
    await mkdir(run);
    const lock = join(run, '.lock');
    await writeFile(lock, JSON.stringify({ pid: 7, host: '\u001b[31mred', started: null }));
    await expect(RunFolder.create(run)).rejects.toThrow('process 7 works there on \\u001b[31mred; if');
    for (const pid of [0, -1, 1e300]) {
      await writeFile(lock, JSON.stringify({ pid, host: hostname(), started: null }));
      await expect(RunFolder.create(run)).rejects.toThrow('is in use: another process works there');
      // What was written long ago by nobody is nobody's.
      await utimes(lock, 0, 0);
      await (await RunFolder.create(run)).release();
    }
  });

  it('is not taken where its lock cannot be read', async () => {
    const run = join(place, 'unread');
    await mkdir(join(run, '.lock'), { recursive: true });
    await expect(claim(join(run, '.lock'), run)).rejects.toThrow(
      'no one can tell whether another process works there: ' +
        `${join(run, '.lock')}: expected a file, found a folder`,
    );
  });
});

describe('any failure in training', () => {
  it('leaves a checkpoint of the last good step, which goes on', async () => {
    const run = join(place, 'failed');
    const reporter = new JsonReporter({ write: () => true });
    reporter.step = (event?: StepEvent) => {
      if (event?.epoch === 2 && event.step === 2) throw new Error('worker thread 1 is lost');
    };
    const given = { limit: 120, hidden: [16], batchSize: 50, epochs: 3 };
    const flags = { offline: true, out: run, resume: null, json: true };
    await expect(train(flags, given, reporter)).rejects.toThrow(
      /^worker thread 1 is lost\nThe run up to its last good step is kept in .*failed; go on with: pathwise train --resume /,
    );
    const bytes = await readFile(join(run, 'checkpoint.safetensors'));
    const { progress } = readCheckpoint(bytes, run);
    expect([progress.epoch, progress.step]).toEqual([1, 2]);
    const resumed = await inProcess('train', '--resume', run);
    expect([resumed.code, resumed.err]).toEqual([0, '']);
    expect(await readdir(run)).toEqual(WHOLE);
  });
});

describe('a worker thread that ends while training', () => {
  /** Ends a worker of the engine's within its twentieth part. */
  const SABOTAGE = `
    const threads = process.getBuiltinModule('node:worker_threads');
    const ending = \`{
      const { Instance } = WebAssembly;
      let parts = 0;
      WebAssembly.Instance = function (...args) {
        const [kernel] = Object.values(new Instance(...args).exports);
        const ended = (...list) => (++parts === 20 ? process.exit(7) : kernel(...list));
        return { exports: { ended } };
      };
    }\`;
    threads.Worker = class extends threads.Worker {
      constructor(source, options) {
        super(options?.eval && options.workerData?.memory ? ending + source : source, options);
      }
    };`;

  it('is named, and the other threads finish the step: every bit as without it', async () => {
    const args = ['train', '--limit', '600', '--epochs', '1', '--hidden', '256', '--seed', '3', '--out'];
    const trained = async (out: string): Promise<Buffer[]> => {
      const file = join(place, out, 'checkpoint.safetensors');
      const parameters = readCheckpoint(await readFile(file), file)
        .vae.namedParameters()
        .values();
      return Array.from(parameters, ({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    };
    const file = join(place, 'sabotage.mjs');
    await writeFile(file, SABOTAGE);
    const [ended, undisturbed] = await Promise.all([
      spawned([...args, 'ended', '--threads', '2'], {
        cwd: place,
        env: { NODE_OPTIONS: `--import=${pathToFileURL(file)}` },
      }),
      spawned([...args, 'undisturbed', '--threads', '1'], { cwd: place }),
    ]);
    expect([undisturbed.code, undisturbed.err]).toEqual([0, '']);
    expect(ended.err).toBe(
      'pathwise: a worker thread is lost: it ended with code 7; the other threads do its work\n',
    );
    expect(ended.code).toBe(0);
    expect(await trained('ended')).toEqual(await trained('undisturbed'));
  });
});

describe('a run folder that changes while training', () => {
  it.each([
    ['moved', (run: string) => renameSync(run, `${run}-elsewhere`), 'kept-1'],
    ['removed', (run: string) => rmSync(run, { recursive: true }), 'kept-1'],
    ['bare', (run: string) => rmSync(join(run, 'config.json')), ''],
  ] as const)('is noticed when it is %s, and the run is kept', async (name, act, suffix) => {
    const { code, err } = await trainUntil(name, () => act(join(place, name)));
    expect(code).toBe(1);
    const kept = suffix === '' ? name : `${name}-${suffix}`;
    expect(err).toMatch(/^error: .* removed meanwhile\n/);
    expect(err).toContain(`is kept in ${kept}; go on with: pathwise train --resume ${kept}\n`);
    const run = join(place, kept);
    const done = jsonLines(await readFile(join(run, 'metrics.jsonl'), 'utf8')).length;
    const resumed = await inProcess('train', '--resume', run, '--epochs', String(done + 1));
    expect([resumed.code, resumed.err]).toEqual([0, '']);
    expect(await readdir(run)).toEqual(WHOLE);
    if (name !== 'bare') expect(existsSync(join(place, name))).toBe(false);
  });

  it('has every file at the end', async () => {
    const run = await RunFolder.create(join(place, 'mended'));
    await run.restore('metrics', () => 'one');
    await run.restore('metrics', () => 'two');
    expect(await readFile(run.file('metrics'), 'utf8')).toBe('one');
    await rename(run.path, `${run.path}-1`);
    await mkdir(run.path);
    await expect(run.write('metrics', 'x')).rejects.toThrow('was moved or removed meanwhile');
    expect(await readdir(run.path)).toEqual([]);
  });
});
