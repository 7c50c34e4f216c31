import { afterEach, describe, expect, it } from 'vitest';
import { setBackend, useDevice } from '../../src/device/current.js';
import type { Device } from '../../src/device/device.js';
import { Runtime } from '../../src/device/wasm/runtime.js';
import {
  add,
  backward,
  cumsum,
  type DType,
  exp,
  fuse,
  matmul,
  mul,
  normal,
  Random,
  type Shape,
  scope,
  sum,
  Tensor,
  variable,
} from '../../src/index.js';
import { Adam, Dense } from '../../src/nn.js';
import { Memory } from '../../src/tensor/memory/memory.js';
import { expectSameBits } from './wasm/bits.js';

/** A device that keeps its results in a map, where nobody else sees them before they are read. */
class MapDevice implements Device {
  readonly name = 'simd';
  readonly threads = 1;
  readonly limits = [];
  /** Tensors whose elements are here and nowhere else. */
  readonly kept = new Map<Tensor, Float32Array>();
  reads = 0;
  readonly #runtime = new Runtime(new Memory(8, false), 1);

  allocate(shape: Shape, dtype: DType): Tensor {
    if (dtype === 'float64') return Tensor.uninitialized(shape, dtype);
    const made = Tensor.elsewhere(shape, dtype, this);
    this.kept.set(made, new Float32Array(made.size).fill(7));
    return made;
  }

  run: Device['run'] = ({ wasm }, out, inputs, attributes) => {
    if (wasm === undefined || !(out instanceof Tensor) || !Array.isArray(inputs)) return false;
    // The same kernel, on copies and in another memory than the engine's.
    const copies = inputs.map((x) =>
      x instanceof Tensor ? new Tensor(this.kept.get(x) ?? x.data, x.shape) : x,
    );
    const result = new Float32Array(out.size);
    const place = new Tensor(result, out.shape) as typeof out;
    const done = this.#runtime.scoped(() =>
      wasm.run(this.#runtime, place, copies as typeof inputs, attributes),
    );
    if (!done) return false;
    if (this.kept.has(out)) this.kept.set(out, result);
    else out.data.set(result);
    return true;
  };

  read(x: Tensor): Float32Array {
    const data = this.kept.get(x);
    if (data === undefined) throw new Error('read twice, or of another device');
    this.kept.delete(x);
    this.reads++;
    return data;
  }
}

const draw = (name: string, ...shape: number[]) => normal(shape, new Random(0).stream(name));

/** Runs `f` on the usual device, and then on one whose memory is elsewhere. */
function onBoth(f: () => Tensor): { readonly usual: Tensor; readonly elsewhere: Tensor; device: MapDevice } {
  const usual = f();
  const device = new MapDevice();
  useDevice(device);
  return { usual, elsewhere: f(), device };
}

afterEach(() => setBackend('simd'));

describe('a device with memory of its own', () => {
  it('passes results from kernel to kernel, and gives up only the one that is read, once', () => {
    const [x, weight] = [draw('x', 40, 30), draw('weight', 30, 50)];
    const { usual, elsewhere, device } = onBoth(() => exp(mul(matmul(x, weight), 0.01)));
    expect(device.kept.has(elsewhere)).toBe(true);
    expect(device.kept.size).toBe(3);
    expect(device.reads).toBe(0);
    expectSameBits(elsewhere.data, usual.data);
    expect(elsewhere.data).toBe(elsewhere.data);
    expect(device.reads).toBe(1);
    expect(device.kept.size).toBe(2);
  });

  it.each([
    ['item', (x: Tensor) => sum(x).item()],
    ['at', (x: Tensor) => x.at(-1, 3)],
    ['toArray', (x: Tensor) => x.toArray()],
    ['toString', (x: Tensor) => x.toString()],
    ['clone', (x: Tensor) => x.clone().toArray()],
    ['to', (x: Tensor) => x.to('float64').toArray()],
    ['detach', (x: Tensor) => x.detach().toArray()],
    ['view', (x: Tensor) => x.view([400]).toArray()],
    ['keep', (x: Tensor) => scope(() => add(x, x).keep()).toArray()],
  ])('is read by %s', (_, show) => {
    const x = draw('x', 20, 20);
    const expected = show(add(x, x));
    const device = new MapDevice();
    useDevice(device);
    expect(show(add(x, x))).toEqual(expected);
    expect(device.reads).toBe(1);
  });

  it('sees what is written through data', () => {
    const x = draw('x', 500);
    const { usual, elsewhere } = onBoth(() => {
      const y = add(x, x);
      y.data[3] = 9;
      return mul(y, y);
    });
    expect(elsewhere.data[3]).toBe(81);
    expectSameBits(elsewhere.data, usual.data);
  });

  it('leaves what it declines to the plain kernels, which begin from zeros', () => {
    const x = draw('x', 600);
    // cumsum has no fast kernel; a sum of so few is not worth one.
    const { usual, elsewhere } = onBoth(() => add(cumsum(add(x, x)), sum(draw('few', 3))));
    expectSameBits(elsewhere.data, usual.data);
  });

  it('computes fused functions', () => {
    const x = draw('x', 600);
    const cube = fuse('cube', (t) => mul(t, mul(t, t)));
    const { usual, elsewhere, device } = onBoth(() => cube(x));
    expect(device.kept.has(elsewhere)).toBe(true);
    expectSameBits(elsewhere.data, usual.data);
  });

  it('is not asked for what a scope made, after it', () => {
    const device = new MapDevice();
    useDevice(device);
    const x = draw('x', 600);
    const y = scope(() => add(x, x));
    expect(() => y.data).toThrow('is over');
    expect(device.reads).toBe(0);
  });

  it('trains to the same bits', () => {
    const { usual, elsewhere, device } = onBoth(() => {
      const layer = new Dense({ inputs: 30, outputs: 20, stream: new Random(1).stream('init') });
      const adam = new Adam(layer.namedParameters());
      const x = draw('x', 40, 30);
      for (let step = 0; step < 5; step++) {
        scope(() => adam.step(backward(sum(exp(layer.forward(variable(x)))))));
      }
      return layer.weight.clone();
    });
    expectSameBits(elsewhere.data, usual.data);
    expect(device.reads).toBeGreaterThan(0);
  });
});
