import { afterEach, expect, it, vi } from 'vitest';

declare const WebAssembly: Readonly<Record<'Memory' | 'Module' | 'Instance' | 'validate', unknown>>;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

class Refused {
  constructor() {
    throw new TypeError('not today');
  }
}

/** A worker that ends before it has begun. */
class Ended {
  on(name: string, listener: (code: number) => void): void {
    if (name === 'exit') setTimeout(() => listener(7));
  }
  unref(): void {}
}

/** WebAssembly with something else in the place of a part. */
function withOther(part: string, value: unknown): void {
  const { Memory, Module, Instance, validate } = WebAssembly;
  vi.stubGlobal('WebAssembly', { Memory, Module, Instance, validate, [part]: value });
}

function withWorker(Worker: unknown): void {
  const real = process.getBuiltinModule;
  vi.spyOn(process, 'getBuiltinModule').mockImplementation((name: string) =>
    name === 'node:worker_threads' ? ({ ...real(name), Worker } as never) : real(name),
  );
}

/** A product by an engine that is loaded now, and what that engine has. */
async function product() {
  vi.resetModules();
  const { backend, configure, matmul, normal, Random } = await import('../../src/index.js');
  configure({ threads: 2 });
  const stream = new Random(1).stream('x');
  const { name, threads: requested } = backend();
  // That a worker has ended is known later.
  await new Promise((resolve) => setTimeout(resolve, 5));
  const result = matmul(normal([96, 96], stream), normal([96, 96], stream)).toArray();
  const { limits, threads } = backend();
  return { name, requested, limits, threads, result };
}

it.each([
  ['WebAssembly', 'plain', () => vi.stubGlobal('WebAssembly', undefined), /no WebAssembly here\. The/],
  ['SIMD', 'plain', () => withOther('validate', () => false), /no WebAssembly SIMD here\. The/],
  ['compiling', 'plain', () => withOther('Module', Refused), /may not run here \(not today\)\. The/],
  ['memory', 'plain', () => withOther('Memory', Refused), /\(not today\)\. The/],
  ['shared memory', 'simd', () => vi.stubGlobal('SharedArrayBuffer', undefined), /cannot be shared/],
  ['a worker', 'simd', () => withWorker(Refused), /worker threads are refused here \(not today\)\. The/],
  ['a worker, late', 'simd', () => withWorker(Ended), /refused here \(it ended with code 7\)\. The/],
] as const)(
  'refused %s, the engine says why it is %s, and computes the same',
  async (_, name, refuse, why) => {
    const { result, ...whole } = await product();
    expect(whole).toEqual({ name: 'simd', requested: 2, limits: [], threads: 2 });
    refuse();
    const found = await product();
    expect(found).toMatchObject({ name, threads: 1, limits: [expect.stringMatching(why)], result });
    expect(found.limits[0]).toMatch(
      name === 'simd' ? /^One thread computes, since / : /^Plain kernels compute/,
    );
    expect(found.limits[0]).toMatch(/ The numbers are the same, only slower\.$/);
  },
);
