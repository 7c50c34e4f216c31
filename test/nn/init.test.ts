import { describe, expect, it } from 'vitest';
import { init } from '../../src/nn/index.js';
import { Random } from '../../src/tensor/random/index.js';

const fans = { fanIn: 50, fanOut: 150 };
const N = 40_000;

function moments(data: Float32Array | Float64Array): { mean: number; variance: number; largest: number } {
  let mean = 0;
  for (const x of data) mean += x / data.length;
  let variance = 0;
  let largest = 0;
  for (const x of data) {
    variance += (x - mean) ** 2 / (data.length - 1);
    largest = Math.max(largest, Math.abs(x));
  }
  return { mean, variance, largest };
}

const uniforms: [string, init.Initializer, number][] = [
  ['glorotUniform', init.glorotUniform, Math.sqrt(6 / 200)],
  ['heUniform', init.heUniform, Math.sqrt(6 / 50)],
  ['torchUniform', init.torchUniform, 1 / Math.sqrt(50)],
];
const normals: [string, init.Initializer, number][] = [
  ['glorotNormal', init.glorotNormal, 2 / 200],
  ['heNormal', init.heNormal, 2 / 50],
];

/** Standard errors allowed: the seed is fixed, so these tests do not fail by chance. */
const SIGMAS = 4;

describe.each(uniforms)('%s', (_, initialize, bound) => {
  it('stays inside its bound, reaches close to it, and has its variance', () => {
    const data = new Float32Array(N);
    initialize(data, fans, new Random(11).stream('init'));
    const { mean, variance, largest } = moments(data);
    const expected = bound ** 2 / 3;
    expect(largest).toBeLessThanOrEqual(Math.fround(bound));
    expect(largest).toBeGreaterThan(bound * 0.999);
    expect(Math.abs(mean)).toBeLessThan(SIGMAS * Math.sqrt(expected / N));
    // The variance of the squared deviation of a uniform variable is 4/5 of its variance squared.
    expect(Math.abs(variance / expected - 1)).toBeLessThan(SIGMAS * Math.sqrt(0.8 / N));
  });
});

describe.each(normals)('%s', (_, initialize, expected) => {
  it('has its mean and variance, and normal tails', () => {
    const data = new Float64Array(N);
    initialize(data, fans, new Random(12).stream('init'));
    const { mean, variance } = moments(data);
    expect(Math.abs(mean)).toBeLessThan(SIGMAS * Math.sqrt(expected / N));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(SIGMAS * Math.sqrt(2 / N));
    const beyond = data.filter((x) => Math.abs(x) > 2 * Math.sqrt(expected)).length / N;
    expect(beyond).toBeGreaterThan(0.04);
    expect(beyond).toBeLessThan(0.05);
  });
});

describe('every random initialiser', () => {
  it.each([...uniforms, ...normals])('%s repeats with its seed and changes with it', (_, initialize) => {
    const draw = (seed: number) => {
      const data = new Float32Array(16);
      initialize(data, fans, new Random(seed).stream('init'));
      return data;
    };
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });
});

describe('constant and zeros', () => {
  it('fill without using the stream', () => {
    const stream = new Random(1).stream('init');
    const data = new Float32Array(4);
    init.constant(0.25)(data, fans, stream);
    expect([...data]).toEqual([0.25, 0.25, 0.25, 0.25]);
    init.zeros(data, fans, stream);
    expect([...data]).toEqual([0, 0, 0, 0]);
    expect(stream.position).toBe(0);
    expect(() => init.constant(Number.NaN)).toThrow('init.constant: the value is NaN');
  });
});
