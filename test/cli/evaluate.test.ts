import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { binarizationWords, binarizeChoice, binarizedImages } from '../../src/cli/evaluate/binarization.js';
import { evaluateFlags } from '../../src/cli/evaluate/flags.js';
import { EvaluationProgress } from '../../src/cli/evaluate/progress.js';
import { evaluateRun } from '../../src/cli/evaluate/session.js';
import { settingsOf } from '../../src/cli/flags.js';
import { drawGlyphs } from '../../src/data/glyphs/index.js';
import { encodeImages } from '../../src/data/index.js';
import { inProcess, temporaryFolder } from './harness.js';

const place = await temporaryFolder();
const made = join(place, 'made');
let runs = 0;
/** The run that the first test has evaluated. */
let evaluated: string;

beforeAll(async () => {
  const tiny = [
    '--limit',
    '40',
    '--hidden',
    '8',
    '--batch-size',
    '20',
    '--epochs',
    '1',
    '--preset',
    'latent20',
  ];
  const { code, err } = await inProcess('train', ...tiny, '--latent', '3', '--out', made);
  expect([code, err]).toEqual([0, '']);
}, 60_000);

/** A copy of the run. */
async function copied(): Promise<string> {
  const run = join(place, `run-${++runs}`);
  await cp(made, run, { recursive: true });
  return run;
}

const FEW = ['--limit', '6', '--samples', '40', '--bounds', '1,5'];
const textOf = (...path: string[]): Promise<string> => readFile(join(...path), 'utf8');
const resultsOf = (json: string): object[] =>
  JSON.parse(json).evaluations.map(({ result }: { result: object }) => result);

describe('pathwise evaluate', () => {
  it('prints a table whose every line names the examples, and puts it into the report', async () => {
    const run = await copied();
    evaluated = run;
    expect(await textOf(run, 'report.html')).not.toContain('<h2>Evaluation</h2>');
    const { code, out, err } = await inProcess('evaluate', run, ...FEW, '--on', 'both', '--batch-size', '16');
    expect(code).toBe(0);
    expect(err).toMatch(/^test, gray: \d of 6, .* left\n/);
    const lines = out.split('\n');
    const table = lines.slice(2, lines.indexOf(''));
    expect(table).toHaveLength(2 * 13);
    for (const [i, line] of table.entries()) expect(line).toMatch(i < 13 ? /^test, gray / : /^train, gray /);
    expect(out).toMatch(/test, gray +-log p\(x\), 40 samples +\d+\.\d\d +\d+\.\d\d +nats/);
    expect(out).toMatch(/test, gray +-bound, K = 5 /);
    expect(out).toMatch(/KL per dimension, train, gray: z1 \d/);
    expect(out).toContain('have a cross-entropy and no likelihood');
    const report = await textOf(run, 'report.html');
    expect(report).toContain('<h2>Evaluation</h2>');
    expect(report.match(/<td>train, gray<\/td>/g)).toHaveLength(13);
    for (const word of ['Learning', 'Pictures', 'Gradient check', 'Settings'])
      expect(report).toContain(`<h2>${word}</h2>`);
    // Nothing is computed a second time.
    const before = await textOf(run, 'evaluation.json');
    const again = await inProcess('evaluate', run, ...FEW, '--on', 'both');
    expect([again.out, again.err]).toEqual([out, '']);
    expect(await textOf(run, 'evaluation.json')).toBe(before);
  });

  it('goes on where it was stopped, to the same numbers', async () => {
    const run = await copied();
    const flags = settingsOf(evaluateFlags, { limit: 6, samples: 40, bounds: [1, 5], batchSize: 16 });
    let stops = 0;
    for (let code = -1; code !== 0; stops++) {
      const controller = new AbortController();
      let shown = 0;
      // An example takes three parts: stopped in the first or second example.
      const spy = vi.spyOn(EvaluationProgress.prototype, 'show').mockImplementation(() => {
        if (++shown === 5) controller.abort();
      });
      const outcome = await evaluateRun(run, flags, controller.signal);
      spy.mockRestore();
      code = outcome.code;
      if (code !== 0) expect(code).toBe(130);
      const [{ state }] = outcome.evaluations;
      expect(state.moments.count).toBe(Math.min(6, stops + 1));
    }
    expect(stops).toBe(6);
    const [test] = resultsOf(await textOf(evaluated, 'evaluation.json'));
    expect(resultsOf(await textOf(run, 'evaluation.json'))).toEqual([test]);
    expect(await textOf(run, 'report.html')).toContain('<td>test, gray</td>');
  });

  it('keeps evaluations of other settings, and shows none of another model', async () => {
    const { out } = await inProcess('evaluate', evaluated, ...FEW, '--binarize', 'dynamic', '--json');
    expect(JSON.parse(out)).toMatchObject({
      evaluations: [{ done: true, about: { binarization: 'dynamic', examples: 6, samples: 40 } }],
    });
    expect(resultsOf(await textOf(evaluated, 'evaluation.json'))).toHaveLength(3);
    expect(await textOf(evaluated, 'report.html')).toContain('<td>test, binarized, dynamic with seed 0</td>');
    await inProcess('train', '--resume', evaluated, '--epochs', '2');
    expect(await textOf(evaluated, 'report.html')).not.toContain('<h2>Evaluation</h2>');
  });

  it('takes static binarization from a file of IDX or of text', async () => {
    const images = drawGlyphs({ count: 3, seed: 0 });
    const pixels = images.pixels.map((pixel) => (pixel < 128 ? 0 : 1));
    const [idx, text] = [join(place, 'bits.idx'), join(place, 'bits.amat')];
    await writeFile(idx, encodeImages({ ...images, pixels }));
    const rows = [0, 1, 2].map((i) => pixels.subarray(i * 784, (i + 1) * 784).join(' '));
    await writeFile(text, `${rows.join('\n')}\n`);
    for (const how of ['threshold', idx, text]) {
      const data = await binarizedImages(images, binarizeChoice(how));
      expect(data.batch([0, 1, 2], 'float32').data).toEqual(Float32Array.from(pixels));
      expect(data.range).toEqual({ low: 0, high: 1, step: 1 });
    }
    const said = (how: string) => binarizationWords(binarizeChoice(how), { seed: 4 });
    expect(['gray', 'threshold', 'dynamic', text].map(said)).toEqual([
      'gray',
      'binarized by threshold 1/2',
      'binarized, dynamic with seed 4',
      'binarized, static from bits.amat',
    ]);
    const refused = (how: string) => expect(binarizedImages(images, binarizeChoice(how))).rejects;
    await writeFile(text, rows.slice(1).join('\n'));
    await refused(text).toThrow('has 1568 pixels, but 3 images of 784 are needed');
    await refused(join(made, 'config.json')).toThrow(
      'config.json, byte 0: expected an IDX file of images, or a text of 0 and 1',
    );
    await writeFile(idx, encodeImages(images));
    await refused(idx).toThrow('expected binarized images, whose pixels are 0 and 1 or 0 and 255');
    await refused(join(place, 'none')).toThrow('there is no such file');
  });

  it('refuses what it cannot evaluate, and says why', async () => {
    const run = await copied();
    const failing = async (...args: string[]) => {
      const { code, err, out } = await inProcess('evaluate', ...args);
      expect(out).toBe('');
      return `${code} ${err}`;
    };
    expect(await failing(run, '--bounds', '50', '--samples', '20')).toBe(
      '2 error: --bounds has 50, but --samples is 20; a bound needs as many samples\n',
    );
    expect(await failing(run, '--epochs', '3')).toMatch(/^2 error: unknown option '--epochs'/);
    expect(await failing(run, '--samples', '0')).toMatch(/^2 error: .*It must be an integer from 1 to/);
    expect(await failing(join(place, 'nowhere'))).toMatch(/^1 error: there is no folder .*nowhere/);
    await writeFile(join(run, 'evaluation.json'), '{"pathwise": 3}');
    expect(await failing(run)).toMatch(
      /evaluation\.pathwise is 3; expected a text; delete the file, and evaluate again/,
    );
    const config = JSON.parse(await textOf(run, 'config.json'));
    const write = (data: object) =>
      writeFile(join(run, 'config.json'), JSON.stringify({ ...config, data: { ...config.data, ...data } }));
    await write({ test: 39 });
    expect(await failing(run)).toMatch(/^1 error: .*config\.json: data\.test is 39/);
    await write({ source: 'folder', folder: './gone' });
    expect(await failing(run)).toMatch(/^1 error: .*gone: expected a folder of data: there is none/);
    await write({ source: 'glyphs-color' });
    expect(await failing(run)).toContain('the images are 32 x 32 x 3, but the model');
    await write({ source: 'fashion-mnist' });
    expect(await failing(run, '--offline')).toContain('set FASHION_MNIST_DIR');
  });

  it('shows how far it has come: a bar on a terminal, elsewhere a line for each tenth', () => {
    let now = 0;
    const shown = (isTTY: boolean): string[] => {
      const lines: string[] = [];
      const output = { isTTY, columns: 80, write: (text: string) => lines.push(text) };
      const progress = new EvaluationProgress(output, 'test, gray', { from: 10, to: 40 }, () => now);
      for (const done of [10.5, 20, 20.5, 40]) {
        now += 500;
        progress.show(done);
      }
      progress.clear();
      return lines;
    };
    expect(shown(false)).toEqual(['test, gray: 10 of 40, 30 s left\n', 'test, gray: 20 of 40, 2.0 s left\n']);
    const bars = shown(true);
    expect(bars).toHaveLength(5);
    expect(bars[1]).toContain('████████████████░');
    expect(bars[1]).toContain('20 of 40, 2.0 s left');
    expect(bars[1].replace('\r\u001b[2K', '').length).toBeLessThan(80);
    expect(bars[4]).toBe('\r\u001b[2K');
  });
});
