import { describe, expect, it } from 'vitest';
import { buildReport } from '../../src/cli/report/build.js';
import { evaluationSection } from '../../src/cli/report/evaluation.js';
import { gradientSection, gradientSummary, gradientTable } from '../../src/cli/report/gradients.js';
import { escapeHtml, pngSize, scriptJson } from '../../src/cli/report/html.js';
import { latentBars } from '../../src/cli/report/latent-bars.js';
import { collapsed, floorOf, notStarted } from '../../src/cli/report/notes.js';
import { drawPictures, mostActive, reconstructionPairs } from '../../src/cli/train/pictures.js';
import { imageDataset } from '../../src/data/dataset.js';
import { drawGlyphs } from '../../src/data/glyphs/index.js';
import { Random } from '../../src/tensor/random/stream.js';
import { Tensor } from '../../src/tensor/tensor.js';
import {
  Bernoulli,
  completeConfig,
  Gaussian,
  type Likelihood,
  reconstruct,
  VAE,
  type VAEConfig,
} from '../../src/vae/index.js';
import type { RunConfig } from '../../src/vae/run/config.js';
import { completeSettings } from '../../src/vae/training/options.js';

/** Checks that every element is closed in order; gives the names of all elements. @throws Error where one is not. */
function parseHtml(html: string): string[] {
  const empty = new Set(['meta', 'link', 'img', 'source', 'br']);
  const withoutScripts = html.replace(/<(script|style)([^>]*)>[\s\S]*?<\/\1>/g, '<$1$2></$1>');
  const open: string[] = [];
  const seen: string[] = [];
  for (const [, slash, name] of withoutScripts.matchAll(/<(\/?)([a-z][a-z0-9]*)(?:\s[^>]*)?>/g)) {
    if (slash === '') seen.push(name);
    if (empty.has(name)) continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) throw new Error(`</${name}> closes another element`);
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(', ')}`);
  return seen;
}

const images = { ...drawGlyphs({ count: 40, seed: 0 }) };

function report(
  model: Partial<VAEConfig> & Pick<VAEConfig, 'latent'>,
  {
    binarize = false,
    noise = 'none',
    ...tested
  }: { binarize?: boolean; noise?: 'none' | 'masking'; activeUnits?: number; kl?: number } = {},
): string {
  const vae = new VAE({ features: 784, hidden: [8], ...model }, { stream: new Random(0).stream('init') });
  const training = completeSettings({
    train: imageDataset(images),
    epochs: 2,
    beta: 2,
    freeBits: 0.1,
    warmupEpochs: 1,
    binarize,
    noise,
  });
  const config: RunConfig = {
    pathwise: '0',
    command: "pathwise train --data '</code>'",
    preset: 'latent2',
    data: { source: 'folder', folder: '/<b>/', seed: 0, train: 40, test: 40 },
    image: { rows: 28, columns: 28 },
    model: vae.config,
    training,
  };
  const { latent } = vae;
  const test = {
    loss: 3,
    reconstruction: 2,
    kl: 1,
    elbo: -3,
    activeUnits: 1,
    klPerDimension: Array.from({ length: latent }, (_, k) => 1 / (k + 1)),
    ...tested,
  };
  const history = [1, 2].map((epoch) => ({
    epoch,
    seconds: 1,
    train: { loss: 4, reconstruction: 3, kl: 1 },
    test,
  }));
  return buildReport({
    config,
    history,
    pictures: drawPictures(vae, images, training),
    likelihood: vae.likelihood,
    parameters: vae.parameterCount,
    dataTitle: '40 <glyphs>',
    testImages: images,
    evaluations: [],
  });
}

describe('the evaluation in the report', () => {
  const about = {
    on: 'test',
    examples: 3,
    data: 'hash',
    binarization: 'gray',
    file: null,
    channels: 1,
    seed: 0,
    samples: 2000,
    bounds: [5],
  } as const;
  const one = { value: -50, error: 0.25 };
  const result = {
    examples: 3,
    samples: 2000,
    logLikelihood: { ...one, samplingError: 0.125, bias: 0.0625 },
    bounds: [{ k: 5, value: -50.5, error: 0.25 }],
    elbo: { value: -51, error: 0.25 },
    reconstruction: { value: 48, error: 0.2 },
    kl: 3,
    klPerDimension: [2, 1],
    activeUnits: 1,
    squaredError: { value: 0.01, error: 0.001 },
    bitsPerDimension: 0.5,
    effectiveSamples: { mean: 100, least: 50 },
  };
  const section = (likelihood: Likelihood, ...all: object[]): string =>
    evaluationSection(
      all.map((given) => ({ about: { ...about, ...given }, result })),
      { likelihood, latent: 2 },
    );

  it('is not there before there was one', () => {
    expect(section(new Bernoulli())).toBe('');
  });

  it('names the examples in every line, escaped, and has the signs of losses', () => {
    const html = section(new Bernoulli(), {}, { on: 'train', binarization: 'static', file: 'there/<b>.idx' });
    expect(parseHtml(html).filter((name) => name === 'tr')).toHaveLength(1 + 2 * 12);
    expect(html.match(/<td>test, gray<\/td>/g)).toHaveLength(12);
    expect(html.match(/<td>train, binarized, static from &#60;b&#62;.idx<\/td>/g)).toHaveLength(12);
    for (const [measure, value] of [
      ['-ELBO', '51.00'],
      ['-bound, K = 5', '50.50'],
      ['-log p(x), 2,000 samples', '50.00'],
      ['reconstruction, -log p(x | z)', '48.00'],
    ])
      expect(html).toContain(`<td>${measure}</td><td>${value}</td>`);
    expect(html).toContain('KL per dimension, test, gray: z1 2.00, z2 1.00');
  });

  it('says how its numbers are to be read, where that matters', () => {
    const [gray, density, few] = ['and no likelihood', 'p(x) is a density', 'one sample outweighs'];
    const bits = section(new Bernoulli(), { binarization: 'dynamic' });
    for (const text of [gray, density, few]) expect(bits).not.toContain(text);
    expect(section(new Bernoulli(), {})).toContain(gray);
    expect(section(new Gaussian(), {})).toContain(density);
    result.effectiveSamples.least = 3;
    expect(section(new Gaussian(), {})).toContain(`test, gray: for some examples ${few}`);
  });
});

describe('the report', () => {
  const plane = report({ latent: 2, likelihood: 'gaussian' });

  it('shows what became of noise, where the encoder saw any', () => {
    expect(plane).not.toContain('<h2>Denoising</h2>');
    const noisy = report({ latent: 2, likelihood: 'gaussian' }, { noise: 'masking' });
    parseHtml(noisy);
    expect(noisy).toContain('with masking noise on a share 0.3 of the pixels');
    const errors = [...noisy.matchAll(/<tr><td>([\d.]+)<\/td><td>([\d.]+)<\/td><td>([\d.]+)<\/td>/g)].map(
      (found) => found.slice(1).map(Number),
    );
    expect(errors.map(([level]) => level)).toEqual([0, 0.15, 0.3, 0.45, 0.6]);
    expect(errors[0][1]).toBe(0);
    expect(errors[0][2]).toBeGreaterThan(0);
    for (const [i, [, of]] of errors.slice(1).entries()) expect(of).toBeGreaterThan(errors[i][1]);
  });

  it('is whole HTML that fetches nothing', () => {
    const names = parseHtml(plane);
    expect(names.filter((name) => name === 'figure')).toHaveLength(5);
    expect(names.filter((name) => name === 'table')).toHaveLength(1);
    const outside =
      /(?:src|srcset|href|action)\s*=\s*(?!["']?data:)|url\(|@import|<link(?![^>]*href="data:)/i;
    const withoutScripts = plane.replace(/<script[^>]*>[\s\S]*?<\/script>/g, '');
    expect(withoutScripts.match(outside)).toBeNull();
    expect(plane.match(/<script[^>]*\ssrc/)).toBeNull();
    expect(plane).toContain("default-src 'none'");
    expect(plane.match(/\bfetch\(|XMLHttpRequest|WebSocket|import\(/)).toBeNull();
  });

  it('says so where the model has not started, and only there', () => {
    const silent = 'The model has not started: after 2 epochs no dimension of z is active (KL 0.01 nats)';
    expect(report({ latent: 2, likelihood: 'gaussian' }, { activeUnits: 0, kl: 0.01 })).toContain(silent);
    expect(plane).not.toContain('has not started');
    const epoch = { epoch: 1, seconds: 1, train: { loss: 4, reconstruction: 3, kl: 1 } };
    expect(notStarted([epoch])).toBeNull();
  });

  it('escapes what came from outside', () => {
    expect(plane).not.toContain('<glyphs>');
    expect(plane).not.toContain('/<b>/');
    expect(plane).toContain('&#60;glyphs&#62;');
  });

  it('lists every setting that matters, with its unit', () => {
    for (const [title, text] of [
      ['Hidden layers', '8'],
      ['Free bits', '0.1 nats'],
      ['Batch size', '128'],
      ['Longest gradient', 'none'],
      ['Sigma learned', 'no'],
    ]) {
      expect(plane).toContain(`<dt>${title}</dt><dd>${text}</dd>`);
    }
    expect(report({ latent: 2 })).not.toContain('Sigma');
  });

  it('explains its conventions', () => {
    expect(plane).toContain('squared error + KL, without its constant 448.73 nats');
    expect(plane).toContain('(beta)');
    expect(plane).toContain('free bits');
    expect(plane).toContain('nats per example');
    expect(plane).not.toContain('entropy of the data');
  });

  it('holds curves with a point for each epoch', () => {
    const data = /<script type="application\/json" id="curves">(.*?)<\/script>/.exec(plane)?.[1] ?? '';
    const curves: { epochs: number[]; charts: { id: string; train: number[]; test: number[] }[] } =
      JSON.parse(data);
    expect(curves.epochs).toEqual([1, 2]);
    expect(curves.charts.map(({ id, test }) => [id, test])).toEqual([
      ['loss', [3, 3]],
      ['reconstruction', [2, 2]],
      ['kl', [1, 1]],
    ]);
  });

  it('says which dimensions it shows when there are many, and has no manifold then', () => {
    const many = report({ latent: 5, likelihood: 'bernoulli' });
    expect(many).toMatch(/Of 5 dimensions, the two along which the means vary most: z\d and z\d/);
    expect(many).not.toContain('Manifold');
    expect(many).toContain('The pixels are gray');
    expect(many).toContain(floorOf(images).toFixed(2));
    parseHtml(many);
  });

  it('does without a second dimension', () => {
    const line = report({ latent: 1 }, { binarize: true });
    expect(line).toContain('z has one dimension');
    expect(line).toContain('drawn as 0 or 1 anew');
    parseHtml(line);
  });
});

describe('parts of the report', () => {
  it('keep scripts and text apart', () => {
    expect(scriptJson({ a: '</script>' })).toBe('{"a":"\\u003c/script>"}');
    expect(escapeHtml(`<a b="c" d='e'>&`)).toBe('&#60;a b=&#34;c&#34; d=&#39;e&#39;&#62;&#38;');
  });

  it('mark dimensions that are not active', () => {
    const html = latentBars([0.5, 3, 0.001], [true, true, false]);
    expect(html.match(/class="idle"/g)).toHaveLength(1);
    expect(html.match(/>z\d</g)).toEqual(['>z2<', '>z1<', '>z3<']);
    expect(latentBars(new Array(100).fill(1), new Array(100).fill(true))).not.toContain('class="names"');
  });

  it('show a gradient that is wrong', () => {
    const good = {
      term: 'kl',
      withRespectTo: 'mean',
      elements: 4,
      worst: 1e-10,
      passed: true,
      undecided: 0,
      failures: 0,
      message: '',
    } as const;
    const wrong = { worst: 0.01, passed: false, failures: 1, message: 'analytic <1>' };
    const bad = { ...good, ...wrong, term: 'loss' } as const;
    expect(gradientTable([good, bad])).toContain('class="bad" title="analytic &#60;1&#62;">1e-2 ✗');
    expect(gradientSummary([good, bad], 1)).toContain('1 of 2 disagree');
    expect(gradientSummary([good], 1)).toContain('All 1 agree');
  });

  it('check a few layers of a deep model, and do without a check that fails', () => {
    const config = completeConfig({ features: 784, hidden: new Array(200).fill(2), latent: 2 });
    const checked: unknown[] = [];
    const html = gradientSection(config, 0, (options) => {
      checked.push(options?.config?.hidden);
      return [];
    });
    expect(checked).toEqual([[4, 3, 2, 2]]);
    expect(html).toContain('(4 of its 200 hidden layers, for time, the same activation and likelihood)');
    const without = gradientSection(config, 0, () => {
      throw new Error('no point <away> from kinks');
    });
    expect(without).toBe('<p class="note">This check was left out: no point &#60;away&#62; from kinks.</p>');
  });

  it('give the entropy floor of a coin as ln 2 a pixel', () => {
    const pixels = new Uint8Array(784).fill(128);
    const one = { count: 1, rows: 28, columns: 28, pixels, labels: new Uint8Array(1) };
    expect(floorOf(one)).toBeCloseTo(784 * Math.LN2, 1);
  });

  it('choose the dimensions that vary most', () => {
    expect(mostActive([0.1, 3, 0.2, 2])).toEqual([1, 3]);
    expect(mostActive([1])).toEqual([0]);
  });

  it('put each reconstruction below its original', () => {
    const vae = new VAE({ features: 4, hidden: [3], latent: 2 }, { stream: new Random(0).stream('init') });
    const x = new Tensor(
      Float32Array.from({ length: 12 }, (_, i) => i / 12),
      [3, 4],
    );
    const pairs = reconstructionPairs(vae, x, 2);
    const again = reconstruct(vae, x);
    expect(pairs.shape).toEqual([8, 4]);
    const row = (t: Tensor, i: number) => Array.from(t.data.subarray(4 * i, 4 * i + 4));
    expect([0, 1, 4].map((i) => row(pairs, i))).toEqual([0, 1, 2].map((i) => row(x, i)));
    expect([2, 3, 6].map((i) => row(pairs, i))).toEqual([0, 1, 2].map((i) => row(again, i)));
  });

  it('name the dimensions of z that have collapsed, and when', () => {
    const epochs = (...kls: readonly number[][]) =>
      kls.map((klPerDimension, i) => ({
        epoch: i + 1,
        seconds: 1,
        train: { loss: 0, reconstruction: 0, kl: 0 },
        test: { loss: 0, reconstruction: 0, kl: 0, elbo: 0, activeUnits: 1, klPerDimension },
      }));
    expect(collapsed(epochs([2, 0.3, 0], [2, 0.2, 0.005], [2, 0.05, 0], [2, 0.005, 0]))).toMatch(
      /^Posterior collapse: 1 of 3 dimensions of z carried something .* \(z2 after epoch 2\).*--free-bits/,
    );
    expect(collapsed(epochs([2, 0.3], [2, 0.005], [2, 0.4]))).toBe(null);
    expect(collapsed(epochs([0.05, 0.05], [0, 0]))).toBe(null);
    expect(collapsed([])).toBe(null);
  });

  it('read the size of a PNG', () => {
    const { samples } = drawPictures(
      new VAE({ features: 784, hidden: [4], latent: 3 }, { stream: new Random(0).stream('init') }),
      images,
      { seed: 0, noise: 'none', noiseLevel: 0.3 },
    );
    expect(pngSize(samples)).toEqual({ width: 4 + 12 * 88, height: 4 + 6 * 88 });
  });
});
