import { access, cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { exp, mul } from '../../src/index.js';
import { decodeSafetensors } from '../../src/tensor/safetensors.js';
import { presetNames } from '../../src/vae/config.js';
import {
  bundledCommand,
  inProcess,
  jsonLines,
  type Outcome,
  spawnedFromSource,
  temporaryFolder,
} from './harness.js';

const place = await temporaryFolder();
const spawned = await bundledCommand();
const TINY = ['--limit', '120', '--hidden', '16', '--batch-size', '50', '--seed', '3'];

/** Names and bytes of all tensors of a checkpoint: what must be equal bit for bit. */
async function tensorsOf(run: string): Promise<[string, string][]> {
  const bytes = await readFile(join(run, 'checkpoint.safetensors'));
  const { tensors } = decodeSafetensors(bytes, run);
  return [...tensors].map(([name, t]) => {
    const { buffer, byteOffset, byteLength } = t.data;
    return [name, Buffer.from(buffer, byteOffset, byteLength).toString('base64')];
  });
}

async function pngSizeOf(path: string): Promise<[number, number]> {
  const { width, height } = decode(await readFile(path));
  return [width, height];
}

/** What an epoch's line says apart from its time. */
const withoutTime = ({ seconds: _, ...rest }: Record<string, unknown>) => rest;

describe('pathwise train', () => {
  const straight = join(place, 'straight');
  let outcome: Outcome;

  beforeAll(async () => {
    outcome = await spawned(['train', ...TINY, '--epochs', '4', '--out', 'straight'], { cwd: place });
  }, 60_000);

  it('prints one JSON object a line where there is no terminal, the report in the last', () => {
    expect(outcome.err).toBe('');
    expect(outcome.code).toBe(0);
    const events = jsonLines(outcome.out);
    expect(events.map(({ event }) => event)).toEqual([
      'start',
      'epoch',
      'epoch',
      'epoch',
      'epoch',
      'notice',
      'notice',
      'end',
    ]);
    // So few steps do not start it.
    expect(events.at(-2)?.message).toMatch(
      /^The model has not started: after 4 epochs no dimension of z is active/,
    );
    for (const { seconds, train, test } of events.slice(1, 5)) {
      expect(seconds).toBeGreaterThan(0);
      expect(Object.keys(Object(train))).toEqual(['loss', 'reconstruction', 'kl']);
      expect(Object.keys(Object(test))).toEqual(
        expect.arrayContaining(['loss', 'reconstruction', 'kl', 'elbo']),
      );
    }
    expect(events.at(-1)).toMatchObject({ report: join('straight', 'report.html') });
  });

  it('leaves a whole run folder', async () => {
    expect((await readdir(straight)).sort()).toEqual([
      'checkpoint.safetensors',
      'config.json',
      'latent.png',
      'manifold.png',
      'metrics.jsonl',
      'reconstructions.png',
      'report.html',
      'samples.png',
    ]);
    const config = JSON.parse(await readFile(join(straight, 'config.json'), 'utf8'));
    expect(config).toMatchObject({
      preset: 'latent2',
      model: { hidden: [16], latent: 2 },
      training: { epochs: 4, seed: 3 },
    });
    expect(
      jsonLines(await readFile(join(straight, 'metrics.jsonl'), 'utf8')).map(({ epoch }) => epoch),
    ).toEqual([1, 2, 3, 4]);
    expect(await pngSizeOf(join(straight, 'samples.png'))).toEqual([4 + 12 * 88, 4 + 6 * 88]);
    expect(await pngSizeOf(join(straight, 'reconstructions.png'))).toEqual([4 + 12 * 88, 4 + 6 * 88 + 24]);
    expect(await pngSizeOf(join(straight, 'manifold.png'))).toEqual([1120, 1120]);
    expect(await pngSizeOf(join(straight, 'latent.png'))).toEqual([1240, 1240]);
    expect(await readFile(join(straight, 'report.html'), 'utf8')).toContain('squared error');
  });

  it('goes on where it stopped, bit for bit', async () => {
    const out = join(place, 'halves');
    expect((await inProcess('train', ...TINY, '--epochs', '2', '--out', out)).code).toBe(0);
    const resumed = await inProcess('train', '--resume', out, '--epochs', '4', '--json');
    expect(resumed.err).toBe('');
    expect(
      jsonLines(resumed.out)
        .filter(({ event }) => event === 'epoch')
        .map(({ epoch }) => epoch),
    ).toEqual([3, 4]);
    expect(await tensorsOf(out)).toEqual(await tensorsOf(straight));
    const [halves, whole] = await Promise.all(
      [out, straight].map((run) => readFile(join(run, 'metrics.jsonl'), 'utf8')),
    );
    expect(jsonLines(halves).map(withoutTime)).toEqual(jsonLines(whole).map(withoutTime));
    for (const name of ['latent.png', 'samples.png', 'config.json']) {
      expect(await readFile(join(out, name), 'utf8')).toBe(await readFile(join(straight, name), 'utf8'));
    }
  });

  it('ends after the step at Ctrl-C, with a checkpoint that goes on', async () => {
    const args = ['train', ...TINY, '--epochs', '5000', '--out', 'stopped'];
    let sent = false;
    const stopped = await spawned(args, {
      cwd: place,
      onOutput: (out, kill) => {
        if (sent || !out.includes('"epoch":2')) return;
        sent = true;
        kill('SIGINT');
      },
    });
    expect(stopped.code).toBe(130);
    const last = jsonLines(stopped.out).at(-1);
    expect(last).toMatchObject({ event: 'interrupted', resume: 'pathwise train --resume stopped' });
    const run = join(place, 'stopped');
    const done = jsonLines(await readFile(join(run, 'metrics.jsonl'), 'utf8')).length;
    expect(done).toBeGreaterThanOrEqual(2);
    const early = await inProcess('train', '--resume', run, '--epochs', '1');
    expect([early.code, early.err]).toEqual([2, expect.stringContaining(`give ${done} or more`)]);
    const resumed = await inProcess('train', '--resume', run, '--epochs', String(done + 1));
    expect(resumed.code).toBe(0);
    expect(jsonLines(resumed.out).filter(({ event }) => event === 'epoch')).toHaveLength(1);
    const lines = jsonLines(await readFile(join(run, 'metrics.jsonl'), 'utf8'));
    expect(lines.map(({ epoch }) => epoch)).toEqual(Array.from({ length: done + 1 }, (_, i) => i + 1));
  });

  it('stops at the first loss that is not finite, and says what is left', async () => {
    const run = join(place, 'diverged');
    const { code, err } = await inProcess('train', ...TINY, '--learning-rate', '1e30', '--out', run);
    expect(code).toBe(1);
    expect(err).toMatch(
      /^error: epoch 1, step \d+: .*There was no checkpoint yet, and .*diverged is free again\.\n$/s,
    );
    await expect(access(run)).rejects.toThrow('ENOENT');
  });

  it('never overwrites a run', async () => {
    const before = await readFile(join(straight, 'config.json'), 'utf8');
    const again = await inProcess('train', ...TINY, '--epochs', '1', '--out', straight);
    expect([again.code, again.out]).toEqual([1, '']);
    expect(again.err).toContain('a run overwrites nothing');
    expect(await readFile(join(straight, 'config.json'), 'utf8')).toBe(before);
  });

  it('refuses options that a resumed run takes from its folder', async () => {
    const { code, err } = await inProcess(
      'train',
      '--resume',
      straight,
      '--latent',
      '3',
      '--batch-size',
      '9',
    );
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('cannot be combined with --latent, --batch-size'),
    ]);
  });

  describe('its folder explored', () => {
    it('samples, reconstructs and interpolates to PNG, and replaces nothing without --force', async () => {
      const file = (name: string): string => join(place, name);
      const commands: [string[], [number, number]][] = [
        [
          ['sample', straight, '--count', '6', '--out', file('s.png')],
          [4 + 3 * 88, 4 + 2 * 88],
        ],
        [
          ['reconstruct', straight, '--count', '5', '--out', file('r.png')],
          [4 + 5 * 88, 4 + 2 * 88],
        ],
        [
          [
            'interpolate',
            straight,
            '--from',
            '0',
            '--to',
            '3',
            '--steps',
            '5',
            '--path',
            'spherical',
            '--out',
            file('i.png'),
          ],
          [4 + 5 * 88, 4 + 88],
        ],
      ];
      for (const [args, size] of commands) {
        const { code, err } = await inProcess(...args);
        expect([code, err]).toEqual([0, '']);
        expect(await pngSizeOf(String(args.at(-1)))).toEqual(size);
      }
      const before = await readFile(file('s.png'));
      const again = await inProcess(
        'sample',
        straight,
        '--count',
        '6',
        '--seed',
        '1',
        '--out',
        file('s.png'),
      );
      expect([again.code, again.err]).toEqual([1, expect.stringContaining('--force to replace it')]);
      expect(await readFile(file('s.png'))).toEqual(before);
      const forced = await inProcess(
        'sample',
        straight,
        '--count',
        '6',
        '--seed',
        '1',
        '--out',
        file('s.png'),
        '--force',
      );
      expect(forced.code).toBe(0);
      expect(await readFile(file('s.png'))).not.toEqual(before);
    });

    it('names an example that is not there', async () => {
      const out = join(place, 'none.png');
      const { code, err } = await inProcess('interpolate', straight, '--to', '120', '--out', out);
      expect([code, err]).toEqual([2, expect.stringContaining('120 test examples, numbered from 0 to 119')]);
      await expect(access(out)).rejects.toThrow('ENOENT');
    });

    it('shows the graph of its model', async () => {
      const { code, out } = await inProcess('graph', straight, '--batch', '2');
      expect(code).toBe(0);
      expect(out).toMatch(/^output +decoder\(z\) +\[2, 784\]/m);
    });

    it('refuses a damaged checkpoint by name, without a stack', async () => {
      const run = join(place, 'damaged');
      await cp(straight, run, { recursive: true });
      const file = join(run, 'checkpoint.safetensors');
      const bytes = await readFile(file);
      await writeFile(file, bytes.subarray(0, bytes.length - 10));
      const { code, err } = await inProcess('sample', run, '--out', join(place, 'x.png'));
      expect([code, err]).toEqual([1, expect.stringContaining(file)]);
      expect(err).not.toContain('    at ');
      const debug = await inProcess('sample', run, '--debug', '--out', join(place, 'x.png'));
      expect(debug.err).toContain('    at ');
      const lost = await inProcess('train', '--debug', '--data', join(place, 'no-data'));
      expect(lost.err).toMatch(/^Failure: --data .*no-data: there is no such folder; .*\n {4}at /);
      expect(lost.err).toMatch(/\[cause\]: Error: ENOENT: .*stat '.*no-data'/);
    });
  });
});

describe('pathwise check', () => {
  it('passes, as JSON and as a table', async () => {
    const { code, out } = await inProcess('check', '--draws', '1', '--json');
    expect(code).toBe(0);
    const result: { passed: boolean; worst: number; ops: { op: string }[]; vae: { term: string }[] } =
      JSON.parse(out);
    expect(result.passed).toBe(true);
    expect(result.worst).toBeLessThan(1e-7);
    expect(result.ops.map(({ op }) => op)).toEqual(
      expect.arrayContaining(['matmul', 'reparameterize', 'gaussianKl']),
    );
    expect(new Set(result.vae.map(({ term }) => term))).toEqual(new Set(['kl', 'reconstruction', 'loss']));
  });

  it('fails with exit code 1 when a rule is wrong', async () => {
    const right = exp.op.vjp.bind(exp.op);
    const wrong = vi.spyOn(exp.op, 'vjp').mockImplementation((...rule) => mul(right(...rule), 1.01));
    const { code, out } = await inProcess('check', '--draws', '1');
    wrong.mockRestore();
    expect(code).toBe(1);
    expect(out).toMatch(/^exp .* WRONG$/m);
    expect(out).toMatch(/^tanh .* ok$/m);
    expect(out).toMatch(/\d+ of \d+ checks failed/);
  });
});

describe('MNIST', () => {
  it('is looked for where MNIST_DIR says, and nowhere else', async () => {
    vi.stubEnv('MNIST_DIR', join(place, 'no-mnist'));
    const { code, err } = await inProcess('train', '--data', 'mnist', '--limit', '10', '--offline', '--json');
    vi.unstubAllEnvs();
    expect([code, err]).toEqual([1, expect.stringContaining('no-mnist: expected a folder of IDX files')]);
  });
});

describe('the command line', () => {
  it.each(['train', 'check', 'evaluate', 'sample', 'reconstruct', 'interpolate', 'graph'])(
    'explains %s, with examples',
    async (name) => {
      const { code, out } = await inProcess(name, '--help');
      expect(code).toBe(0);
      expect(out).toContain(`Usage: pathwise ${name}`);
      expect(out).toContain(`Examples:\n  pathwise ${name}`);
    },
  );

  it.each([
    'train',
    'evaluate',
    'sample',
    'reconstruct',
    'interpolate',
    'graph',
    'study ledger',
    'study break',
  ])('gives %s runs of presets that exist for examples', async (name) => {
    const { out } = await inProcess(...name.split(' '), '--help');
    const runs = [...out.matchAll(/runs\/\w+-(\w+)-\d/g)].map(([, preset]) => preset);
    expect(runs.length).toBeGreaterThan(0);
    expect(presetNames).toEqual(expect.arrayContaining(runs));
  });

  it('quotes a little of an option of 100,000 characters', async () => {
    const long = 'x'.repeat(100_000);
    const lines = [
      ['train', '--hidden', long],
      ['train', `--latent=${long}`],
      ['train', '--preset', long],
      ['train', '--data', long],
      ['train', `--${long}`],
      ['train', '--resume', long],
      ['train', '--resume', 'r', '--out', long],
      ['sample', long],
      ['sample', 'r', long],
      ['check', '--only', long],
      ['study', 'audit', '--file', long],
      ['study', 'estimators', '--estimators', long],
      ['study', 'break', '--mutation', long],
      [long],
    ];
    for (const words of lines) {
      const { code, err } = await inProcess(...words);
      expect([code, err.length]).toEqual([
        expect.toSatisfy((n) => n === 1 || n === 2),
        expect.toSatisfy((n) => n < 1500),
      ]);
      expect(err).not.toContain('x'.repeat(300));
    }
  });

  it('has a version and a help', async () => {
    const manifest = JSON.parse(await readFile('package.json', 'utf8'));
    expect(await inProcess('--version')).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' });
    const help = await inProcess('--help');
    expect([help.code, help.out]).toEqual([0, expect.stringContaining('interpolate [options] <run>')]);
  });

  it('runs from its source as `npm run pathwise`', async () => {
    expect(await spawnedFromSource(['--version'])).toEqual(await inProcess('--version'));
  });

  it.each([
    [['trian'], '(Did you mean train?)'],
    [['train', '--epoch', '3'], '(Did you mean --epochs?)'],
    [['sample', 'x', '--cuont', '3'], '(Did you mean --count?)'],
    [['train', '--epochs', '1.5'], 'It must be an integer of 1 or more.'],
    [['train', '--learning-rate', '0'], 'It must be a finite number above 0.'],
    [
      ['train', '--hidden', '12,'],
      'a list of 1000 at most, each an integer of 1 or more, with commas between.',
    ],
    [['train', '--hidden', Array(60_000).fill(4).join()], 'It must be a list of 1000 at most'],
    [['train', '--epochs', '1', '--epochs', '2'], "option '--epochs <n>' is given twice"],
    [['train', '--json', '--json'], "option '--json' is given twice"],
    [['page', '--no-open', '--no-open'], "option '--no-open' is given twice"],
    [
      ['train', '--early-stopping-min-delta', '1'],
      '--early-stopping-patience is missing; it must be an integer',
    ],
    [
      ['train', '--preset', 'latent3'],
      'Allowed choices are small2, latent2, latent20, conditional, latent128',
    ],
    [['check', '--threads', '0'], "It must be an integer from 1 to 64, or 'none'."],
    [['sample', 'x', '--memory', '4096'], "It must be an integer from 8 to 2047, or 'none'."],
    [['interpolate', 'x', '--steps', '1'], 'from 2 to 1000'],
    [['train', '--preset', 'latent20', '--sigma', '0.1'], 'add --likelihood gaussian'],
    [['sample'], "missing required argument 'run'"],
    [['check', 'everything'], 'too many arguments'],
    [[], 'Usage: pathwise'],
  ])('answers %j with %j and exit code 2', async (args, message) => {
    const { code, err } = await inProcess(...args);
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
    expect(code).toBe(2);
  });

  it('refuses a model that does not fit into --memory before it begins', async () => {
    const out = join(place, 'too-large');
    const words = ['train', '--data', 'glyphs', '--limit', '100', '--hidden', '4000', '--memory', '8'];
    const { code, err } = await spawned([...words, '--out', out]);
    expect(err).toMatch(
      /^error: the model and what its optimiser remembers take \d+ MiB, but models may take half of --memory 8; raise it \(at most 2047\)/,
    );
    expect(code).toBe(2);
    await expect(access(out)).rejects.toThrow('ENOENT');
  });

  it.each([
    ['PATHWISE_THREADS', 'two', "is 'two'; it must be a number"],
    ['PATHWISE_MEMORY', '1', 'is 1; it must be an integer from 8 to 2047'],
    ['PATHWISE_TILE', '9x9', "'9x9' is none of the candidates"],
    ['PATHWISE_BACKEND', 'gpu', "there is no backend 'gpu'; there are 'simd' and 'plain'"],
  ])('finds a wrong %s before it begins', async (variable, value, message) => {
    for (const args of [['check'], ['train', '--out', 'unset']]) {
      const { code, out, err } = await spawned(args, { cwd: place, env: { [variable]: value } });
      expect(err).toMatch(/^error: .*\n$/);
      expect(err).toContain(message);
      expect(err).toContain(variable);
      expect([code, out]).toEqual([2, '']);
    }
    await expect(access(join(place, 'unset'))).rejects.toThrow('ENOENT');
  });

  it.each([
    [['train', '--data', './nowhere'], 'there is no such folder'],
    [['train', '--resume', './nowhere'], 'there is no folder ./nowhere'],
    [['sample', './nowhere'], 'there is no folder ./nowhere'],
    [['reconstruct', 'test'], 'is not the folder of a run'],
    [['train', '--data', 'test'], 'found no data; looked for IDX files (train-images-idx3-ubyte'],
  ])('answers %j with %j and exit code 1', async (args, message) => {
    const { code, err } = await inProcess(...args);
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
    expect(code).toBe(1);
  });
});
