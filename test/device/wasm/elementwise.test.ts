import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registeredOps } from '../../../src/autograd/index.js';
import type { FastKernel } from '../../../src/device/wasm/fast-kernel.js';
import { Runtime } from '../../../src/device/wasm/runtime.js';
import { broadcastShapes, type Shape } from '../../../src/tensor/shape.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import { allExponents, bitsOf, bothSigns, fromBits, spread } from '../../tensor/math/ulp.js';
import { arityOf, EDGES, expectBits, operands, opNamed } from './elementwise-cases.js';
import { kernelOf, resultOf, runKernel, runtime } from './runtime.js';

/** Attributes of the ops that have some. */
const attributesOf: Readonly<Record<string, unknown>> = {
  leakyRelu: { slope: 0.1 },
  elu: { alpha: 0.7 },
  clamp: { min: -0.3, max: 1.1 },
};

function expectSameBits(
  kernel: FastKernel,
  inputs: readonly Tensor[],
  shape: Shape,
  runtimes: readonly Runtime[] = [runtime],
): void {
  const attributes = attributesOf[kernel.name];
  const plain = Tensor.empty(shape, 'float32');
  opNamed(kernel.name).forward(plain, inputs, attributes);
  for (const on of runtimes) {
    for (const copied of [true, false]) {
      const fast = resultOf(kernel, shape, inputs, attributes, { copied, on });
      if (fast === null) throw new Error(`${kernel.name} declined`);
      expectBits(fast, plain, { copied, threads: on.threads });
    }
  }
}

const sameShapesOnly = new Set(['bernoulliNll']);

/** Kernels of all elementwise ops, those with a body too. */
const elementwiseKernels = registeredOps()
  .filter((op) => op.primitive !== undefined || op.traced !== undefined)
  .map(kernelOf);

it('there is a kernel for each elementwise op', () => {
  const names = elementwiseKernels.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['add', 'gelu', 'softBound', 'bernoulliNll', 'clamp', 'where']),
  );
  expect(names.length).toBeGreaterThan(30);
});

describe.each(elementwiseKernels)('fast $name', (kernel) => {
  const arity = arityOf(kernel.name);

  it('gives the bits of the plain kernel', () => {
    fc.assert(
      fc.property(operands(arity, 320, sameShapesOnly.has(kernel.name)), ([inputs, out]) =>
        expectSameBits(kernel, inputs, out),
      ),
      { numRuns: 40 },
    );
  });

  it('gives the bits of the plain kernel for every pair of edge values', () => {
    const n = EDGES.length;
    const shape = [n, n, 2];
    const pick = (index: (i: number) => number): Tensor =>
      new Tensor(
        Float32Array.from({ length: 2 * n * n }, (_, i) => EDGES[index(i) % n]),
        shape,
      );
    const all = [pick((i) => i), pick((i) => Math.floor(i / n)), pick((i) => 5 * i + 3)];
    expectSameBits(kernel, all.slice(0, arity), shape);
  });

  it('declines small tensors, and leaves the result alone', () => {
    const declines = (shapes: readonly Shape[]): void => {
      const out = Tensor.empty(
        shapes.reduce((a, b) => broadcastShapes(a, b, 'test')),
        'float32',
      );
      out.data.fill(7);
      const inputs = shapes.map((shape) => Tensor.empty(shape, 'float32'));
      expect(runKernel(kernel, out, inputs, attributesOf[kernel.name])).toBe(false);
      expect(out.data.every((v) => v === 7)).toBe(true);
    };
    const all = (shape: Shape): Shape[] => new Array<Shape>(arity).fill(shape);
    declines(all([15]));
    declines(all([0, 100]));
  });
});

/** The float32 nearest each number, the six beside it, and the negatives of all. */
const around = (centers: readonly number[]): Float32Array =>
  bothSigns(
    Float32Array.from(centers.flatMap((x) => [-3, -2, -1, 0, 1, 2, 3].map((i) => fromBits(bitsOf(x) + i)))),
  );

/** Where an angle's quarter changes, small and large, and where the way to reduce it does. */
const turns = around([
  ...Array.from({ length: 2000 }, (_, i) => ((i + 1) * Math.PI) / 4),
  ...Array.from({ length: 2000 }, (_, i) => ((2 * i + 1) * 331 * Math.PI) / 4),
  ...[20, 49, 73, 97, 121].map((exponent) => 2 ** exponent),
]);

const onVectors = ['exp', 'log', 'tanh', 'sigmoid', 'softplus', 'expm1', 'log1p', 'elu', 'softBound'];

describe.each([...onVectors, 'sin', 'cos', 'normalCdf', 'gelu'])('fast %s', (name) => {
  const kernel = elementwiseKernels.find(({ name: op }) => op === name);

  it.each([
    ['at all exponents', allExponents(60_000)],
    ['where it is neither 0 nor saturated', bothSigns(spread(2 ** -14, 110, 40_000))],
    ['around multiples of pi / 4', turns],
  ])('gives the bits of the plain kernel %s', (_, values) => {
    if (kernel === undefined) throw new Error(`no kernel for ${name}`);
    expectSameBits(kernel, [new Tensor(values, [values.length])], [values.length]);
  });
});

describe('fast pow', () => {
  const pow = elementwiseKernels.find(({ name: op }) => op === 'pow');
  const bases = allExponents(6000);
  const exponents = [0, 0.5, 1, 2, 3, 1.5, 4, 5, 2 ** 24, 1e30, Number.POSITIVE_INFINITY].flatMap((y) => [
    y,
    -y,
  ]);

  it.each([...exponents, Number.NaN])('of %s, one for all, gives the bits of the plain kernel', (y) => {
    if (pow === undefined) throw new Error('no kernel for pow');
    const shape = [bases.length];
    expectSameBits(pow, [new Tensor(bases, shape), new Tensor(Float32Array.of(y), [])], shape);
    expectSameBits(
      pow,
      [
        new Tensor(bases, shape),
        new Tensor(
          bases.map(() => y),
          shape,
        ),
      ],
      shape,
    );
  });

  it('gives the bits of the plain kernel for all exponents of a few bases', () => {
    if (pow === undefined) throw new Error('no kernel for pow');
    const some = Float32Array.of(2, 0.5, 0.999999, 1.000001, -1.5, 1e-40, -3e38, 1, -1, 0, -0);
    const y = spread(2 ** -20, 2 ** 25, 4000);
    const shape = [some.length, 2 * y.length];
    expectSameBits(
      pow,
      [new Tensor(some, [some.length, 1]), new Tensor(bothSigns(y), [2 * y.length])],
      shape,
    );
  });
});

describe('fast gaussianKl', () => {
  it('gives the bits of the plain kernel on all of its domain', () => {
    const kernel = elementwiseKernels.find(({ name: op }) => op === 'gaussianKl');
    if (kernel === undefined) throw new Error('no kernel for gaussianKl');
    const values = bothSigns(spread(2 ** -14, 110, 20_000));
    const logvar = new Tensor(values, [values.length]);
    const mean = new Tensor(values.slice().reverse(), [values.length]);
    expectSameBits(kernel, [mean, logvar], [values.length]);
  });
});

describe('elementwise kernels on several threads', () => {
  const runtimes = [2, 3].map((threads) => new Runtime(runtime.memory, threads));
  const values = bothSigns(spread(2 ** -14, 40, 60_000)).subarray(0, 100_003);
  const x = new Tensor(values, [values.length]);
  const wide = new Tensor(values.subarray(3, 3 + 301 * 317), [301, 317]);
  const row = new Tensor(values.subarray(1, 318), [317]);
  const column = new Tensor(values.subarray(7, 308), [301, 1]);
  const scalar = new Tensor(values.subarray(9, 10), []);

  it.each(['exp', 'relu', 'expm1'])('%s gives the bits of one', (name) => {
    const kernel = elementwiseKernels.find(({ name: op }) => op === name);
    if (kernel === undefined) throw new Error(`no kernel for ${name}`);
    expectSameBits(kernel, [x], x.shape, runtimes);
  });

  it.each([
    ['rows', [wide, row]],
    ['columns', [column, wide]],
    ['a row and a column', [row, column]],
    ['scalars', [scalar, wide]],
  ])('sigmoidSquaredError gives the bits of one with %s', (_, inputs) => {
    const kernel = elementwiseKernels.find(({ name: op }) => op === 'sigmoidSquaredError');
    if (kernel === undefined) throw new Error('no kernel');
    expectSameBits(kernel, inputs, wide.shape, runtimes);
  });
});
