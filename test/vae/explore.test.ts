import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backward } from '../../src/autograd/index.js';
import { equal } from '../../src/tensor/compare.js';
import { normal, tensor } from '../../src/tensor/create.js';
import { Random } from '../../src/tensor/random/index.js';
import { Tensor } from '../../src/tensor/tensor.js';
import {
  decode,
  encode,
  generate,
  interpolate,
  interpolateCodes,
  reconstruct,
  styles,
  VAE,
} from '../../src/vae/index.js';
import { alike, between, uniformTensor } from './arbitraries.js';

const make = (likelihood: 'bernoulli' | 'gaussian' = 'bernoulli') =>
  new VAE({ features: 6, hidden: [5], latent: 3, likelihood }, { stream: new Random(1).stream('init') });
const vae = make();
const x = uniformTensor([4, 6], 2, 0, 1).to('float32');
const stream = () => new Random(3).stream('generate');
const inUnit = (t: Tensor) => t.data.every((v) => v >= 0 && v <= 1);
const row = (t: Tensor, i: number) => t.data.slice(i * t.shape[1], (i + 1) * t.shape[1]);
const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));

describe('generate, encode, decode, reconstruct', () => {
  it.each(['bernoulli', 'gaussian'] as const)('give shapes and pictures in 0..1: %s', (likelihood) => {
    const model = make(likelihood);
    expect(generate(model, 7, stream()).shape).toEqual([7, 6]);
    expect(inUnit(generate(model, 7, stream()))).toBe(true);
    expect(encode(model, x).mean.shape).toEqual([4, 3]);
    expect(encode(model, x).logvar.shape).toEqual([4, 3]);
    expect(reconstruct(model, x).shape).toEqual([4, 6]);
    expect(inUnit(reconstruct(model, x))).toBe(true);
    expect(inUnit(decode(model, tensor([[1e4, -1e4, 1e30]])))).toBe(true);
  });

  it('keep the dtype of the model', () => {
    const double = vae.copy('float64');
    const made = generate(double, 5, stream());
    expect(made.dtype).toBe('float64');
    expect(generate(vae, 5, stream()).dtype).toBe('float32');
    // The codes are drawn in float64, not rounded to float32 on the way.
    const codes = normal([5, 3], stream(), { dtype: 'float64' });
    expect(equal(made, decode(double, codes))).toBe(true);
    const rounded = decode(double, codes.to('float32').to('float64'));
    expect(equal(made, rounded)).toBe(false);
  });

  it('draw nothing but what the given stream gives', () => {
    expect(equal(generate(vae, 5, stream()), generate(vae, 5, stream()))).toBe(true);
    const two = stream();
    expect(equal(generate(vae, 5, two), generate(vae, 5, two))).toBe(false);
    expect(equal(reconstruct(vae, x), reconstruct(vae, x))).toBe(true);
  });

  it('reconstruct from the posterior mean', () => {
    const { mean, output } = vae.forward(x, Tensor.empty([4, 3], 'float32'));
    expect(equal(encode(vae, x).mean, mean)).toBe(true);
    expect(equal(reconstruct(vae, x), vae.likelihood.mean(output))).toBe(true);
  });

  it('record nothing', () => {
    expect(() => backward(reconstruct(vae, x), { cotangent: x })).toThrow('depends on no variable');
    expect(encode(vae, x).logvar.origin).toBeNull();
  });
});

describe('interpolateCodes', () => {
  const pair = alike(2, between(-3, 3)).map((drawn) => drawn.map((t) => new Tensor(t.data, [t.size])));
  const path = fc.constantFrom('linear', 'spherical');

  it('starts and ends exactly at the given codes', () => {
    fc.assert(
      fc.property(pair, path, fc.integer({ min: 2, max: 12 }), ([from, to], way, steps) => {
        const codes = interpolateCodes(from, to, { steps, path: way });
        expect(codes.shape).toEqual([steps, from.size]);
        from.data.forEach((v, i) => {
          // 0 and -0 are the same place.
          expect(codes.at(0, i) === v && codes.at(-1, i) === to.data[i]).toBe(true);
        });
      }),
    );
  });

  it('takes even steps on a line, 10 points unless told', () => {
    const codes = interpolateCodes(tensor([0, 9]), tensor([9, 0]));
    expect(codes.shape).toEqual([10, 2]);
    expect(Array.from(row(codes, 4))).toEqual([4, 5]);
  });

  it('keeps the norm of codes of one norm on the circle, at even angles', () => {
    fc.assert(
      fc.property(pair, ([from, to]) => {
        const r = norm(from.data);
        const s = norm(to.data);
        fc.pre(r > 0.1 && s > 0.1);
        const scaled = new Tensor(
          to.data.map((v) => (v * r) / s),
          to.shape,
        );
        const dot = Array.from(from.data).reduce((sum, v, i) => sum + v * scaled.data[i], 0) / (r * r);
        fc.pre(Math.abs(dot) < 0.9999);
        const codes = interpolateCodes(from, scaled, { steps: 5, path: 'spherical' });
        for (let i = 0; i < 5; i++) expect(norm(row(codes, i)) / r).toBeCloseTo(1, 9);
        const chords = [0, 1, 2, 3].map((i) => norm(row(codes, i + 1).map((v, j) => v - row(codes, i)[j])));
        for (const chord of chords) expect(chord / chords[0]).toBeCloseTo(1, 7);
      }),
    );
    const quarter = interpolateCodes(tensor([2, 0]), tensor([0, 2]), { steps: 3, path: 'spherical' });
    expect(quarter.at(1, 0)).toBeCloseTo(Math.SQRT2, 6);
    expect(quarter.at(1, 1)).toBeCloseTo(Math.SQRT2, 6);
  });

  it.each([
    ['opposite', [1, -2, 3], [-1, 2, -3]],
    ['opposite, of another norm', [1, 2, 2], [-3, -6, -6]],
    ['zero at the start', [0, 0, 0], [1, 2, 3]],
    ['zero at both ends', [0, 0, 0], [0, 0, 0]],
    ['the same', [1, 2, 3], [1, 2, 3]],
  ])('goes straight where there is no one circle: %s', (_, a, b) => {
    const [from, to] = [tensor(a), tensor(b)];
    const spherical = interpolateCodes(from, to, { steps: 6, path: 'spherical' });
    expect(equal(spherical, interpolateCodes(from, to, { steps: 6 }))).toBe(true);
    expect(spherical.data.every(Number.isFinite)).toBe(true);
  });

  it('says what is wrong', () => {
    const [two, three] = [tensor([1, 2]), tensor([1, 2, 3])];
    expect(() => interpolateCodes(two, three)).toThrow('but got [2] and [3]');
    expect(() => interpolateCodes(x, x)).toThrow('two codes of shape [latent]');
    expect(() => interpolateCodes(two, tensor([[1, 2]]))).toThrow('but got [2] and [1, 2]');
    expect(() => interpolateCodes(tensor([[1], [2]]), two)).toThrow('but got [2, 1] and [2]');
    expect(() => interpolateCodes(two, two, { steps: 1 })).toThrow('steps is 1');
    expect(() => interpolateCodes(two, two, { steps: 2.5 })).toThrow('steps is 2.5');
    expect(() => interpolateCodes(two, two, JSON.parse('{ "path": "round" }'))).toThrow("path is 'round'");
  });
});

describe('interpolate', () => {
  it('decodes a path between two posterior means', () => {
    const [a, b] = [0, 3].map((i) => new Tensor(row(x, i), [1, 6]));
    const pictures = interpolate(vae, a, b, { steps: 5 });
    expect(pictures.shape).toEqual([5, 6]);
    expect(inUnit(pictures)).toBe(true);
    const ends = reconstruct(vae, x);
    for (let i = 0; i < 6; i++) {
      expect(pictures.at(0, i)).toBe(ends.at(0, i));
      expect(pictures.at(-1, i)).toBe(ends.at(3, i));
    }
  });

  it('takes one example at each end', () => {
    const a = new Tensor(row(x, 0), [1, 6]);
    expect(() => interpolate(vae, x, a)).toThrow('needs one example, [1, features], but got [4, 6]');
    expect(() => interpolate(vae, a, new Tensor(row(x, 0), [6]))).toThrow('but got [6]');
    expect(() => interpolate(vae, a, new Tensor(row(x, 0), [1, 6, 1]))).toThrow('but got [1, 6, 1]');
  });
});

describe('a conditional model', () => {
  const vae = new VAE(
    { features: 4, hidden: [6], latent: 2, condition: 'label', classes: 3, prior: 'conditional' },
    { stream: new Random(4).stream('init') },
  );
  const rowsOf = (t: Tensor): number[][] =>
    Array.from({ length: t.shape[0] }, (_, i) => [...t.data.slice(4 * i, 4 * i + 4)]);

  it('keeps the draws of a row, and changes the label along it', () => {
    const stream = new Random(1).stream('samples');
    stream.normal(new Float32Array(8));
    const drawn = rowsOf(styles(vae, 2, stream));
    expect(drawn).toHaveLength(6);
    for (let y = 0; y < 3; y++) {
      const again = new Random(1).stream('samples');
      again.normal(new Float32Array(8));
      const [first, second] = rowsOf(generate(vae, 2, again, [y, y]));
      expect([drawn[y], drawn[3 + y]]).toEqual([first, second]);
    }
    const plain = new VAE({ features: 4, hidden: [6], latent: 2 }, { stream: new Random(4).stream('init') });
    expect(() => styles(plain, 2, stream)).toThrow('the model has no condition');
  });

  it('goes from one example to another, half of the way with the label of each', () => {
    const [a, b] = [
      [0, 0.3, 1, 0.2],
      [1, 0.8, 0.1, 0.5],
    ].map((row) => tensor(row, { shape: [1, 4] }));
    const way = rowsOf(interpolate(vae, a, b, { steps: 4, labels: [2, 0] }));
    expect(way[0]).toEqual(rowsOf(reconstruct(vae, a, [2]))[0]);
    expect(way[3]).toEqual(rowsOf(reconstruct(vae, b, [0]))[0]);
    expect(() => interpolate(vae, a, b)).toThrow('give the labels of the examples');
  });
});
