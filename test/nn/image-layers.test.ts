import { describe, expect, it } from 'vitest';
import {
  backward,
  equal,
  noGrad,
  normal,
  Random,
  relu,
  square,
  sum,
  Tensor,
  zeros,
} from '../../src/index.js';
import {
  Adam,
  AvgPool2d,
  BatchNorm2d,
  Conv1d,
  Conv2d,
  ConvTranspose2d,
  conv2d,
  convTranspose2d,
  Dropout2d,
  Flatten,
  GroupNorm,
  MaxPool2d,
  Module,
  ReLU,
  Reshape,
  Sequential,
  squaredError,
  Upsample,
} from '../../src/nn.js';
import { type GoldenArray, loadGolden } from '../golden/load.js';

const stream = (name = 'layers') => new Random(4).stream(name);
const draw = (shape: readonly number[], name = 'x') => normal(shape, stream(name));
const shapes = (module: Module) =>
  Object.fromEntries([...module.stateDict()].map(([name, { shape }]) => [name, shape]));

describe('Conv2d, ConvTranspose2d and Conv1d', () => {
  it("have PyTorch's names, layouts and bounds of starting values", () => {
    const conv = new Conv2d({ inputs: 4, outputs: 6, kernel: [3, 2], groups: 2, stream: stream() });
    expect(shapes(conv)).toEqual({ weight: [6, 2, 3, 2], bias: [6] });
    const up = new ConvTranspose2d({ inputs: 4, outputs: 6, kernel: 3, groups: 2, stream: stream() });
    expect(shapes(up)).toEqual({ weight: [4, 3, 3, 3], bias: [6] });
    const signal = new Conv1d({ inputs: 3, outputs: 5, kernel: 4, bias: false, stream: stream() });
    expect(shapes(signal)).toEqual({ weight: [5, 3, 4] });
    // kaiming_uniform_(weight, a=sqrt(5)): 1 / sqrt of the second size times the kernel, for the bias too.
    for (const { weight, bias } of [conv, up, signal]) {
      const bound = 1 / Math.sqrt(weight.shape.slice(1).reduce((a, b) => a * b, 1));
      const largest = Math.max(...weight.data.map(Math.abs));
      expect(largest).toBeLessThanOrEqual(bound);
      expect(largest).toBeGreaterThan(0.7 * bound);
      expect(bias === null || bias.data.every((x) => Math.abs(x) <= bound)).toBe(true);
    }
  });

  it('compute what the ops do, with their options', () => {
    const x = draw([2, 4, 7, 6]);
    const windows = { stride: 2, padding: [1, 0], dilation: [1, 2] } as const;
    const conv = new Conv2d({ inputs: 4, outputs: 2, kernel: 3, groups: 2, ...windows, stream: stream() });
    expect(equal(conv.forward(x), conv2d(x, conv.weight, conv.bias, { ...windows, groups: 2 }))).toBe(true);
    const up = new ConvTranspose2d({
      inputs: 4,
      outputs: 3,
      kernel: 3,
      stride: 2,
      padding: 1,
      outputPadding: 1,
      stream: stream(),
    });
    const options = { stride: 2, padding: 1, outputPadding: 1 };
    expect(up.forward(x).shape).toEqual([2, 3, 14, 12]);
    expect(equal(up.forward(x), convTranspose2d(x, up.weight, up.bias, options))).toBe(true);
    const signal = new Conv1d({ inputs: 3, outputs: 5, kernel: 4, padding: 'same', stream: stream() });
    expect(signal.forward(draw([2, 3, 9])).shape).toEqual([2, 5, 9]);
    expect(`${new Sequential(conv, signal)}`).toBe(
      'Sequential(\n' +
        '  (0): Conv2d(weight=[2, 2, 3, 3], groups=2, stride=2, padding=[1, 0], dilation=[1, 2], bias=true)\n' +
        '  (1): Conv1d(weight=[5, 3, 4], groups=1, padding=same, bias=true)\n)',
    );
  });

  it('in Sequential compute a ReLU that follows, with the same bits and gradients', () => {
    const layers = () => [
      new Conv2d({ inputs: 1, outputs: 3, kernel: 3, stride: 2, padding: 1, stream: stream() }),
      new ReLU(),
      new ConvTranspose2d({ inputs: 3, outputs: 1, kernel: 2, stride: 2, stream: stream() }),
      new ReLU(),
    ];
    const x = draw([2, 1, 6, 6]);
    const [model, parts] = [new Sequential(...layers()), layers()];
    const y = model.forward(x);
    const apart = parts.reduce((t, layer) => layer.forward(t), x);
    expect(equal(y, apart)).toBe(true);
    const [found, expected] = [backward(sum(square(y))), backward(sum(square(apart)))];
    const others = [...new Sequential(...parts).namedParameters().values()];
    [...model.namedParameters().values()].forEach((p, i) => {
      expect(equal(found.get(p), expected.get(others[i]))).toBe(true);
    });
  });

  it('refuse what never fits, when they are made', () => {
    const make = (options: object) => () =>
      Reflect.construct(Conv2d, [{ inputs: 4, outputs: 6, kernel: 3, stream: stream(), ...options }]);
    expect(make({ groups: 3 })).toThrow(
      'Conv2d: groups 3 do not divide 4 channels; the nearest that do: 2 or 4',
    );
    expect(make({ kernel: [3, 0] })).toThrow('Conv2d: kernel along width is 0');
    expect(make({ stride: 0.5 })).toThrow('Conv2d: stride along height is 0.5');
    expect(make({ inputs: 0 })).toThrow('Conv2d: inputs is 0');
    expect(make({ strides: 2 })).toThrow("did you mean 'stride'?");
    const up = { inputs: 1, outputs: 1, kernel: 3, outputPadding: 1, stream: stream() };
    expect(() => new ConvTranspose2d(up)).toThrow('ConvTranspose2d: outputPadding along height is 1');
  });

  it('learn to undo a blur', () => {
    const model = new Sequential(
      new Conv2d({ inputs: 1, outputs: 4, kernel: 3, padding: 'same', stream: stream('a') }),
      new BatchNorm2d({ channels: 4 }),
      new ReLU(),
      new ConvTranspose2d({ inputs: 4, outputs: 1, kernel: 3, padding: 1, stream: stream('b') }),
    );
    const x = draw([8, 1, 6, 6]);
    const blurred = new AvgPool2d({ kernel: 3, stride: 1, padding: 1 }).forward(x);
    const adam = new Adam(model, { learningRate: 0.03 });
    const losses = Array.from({ length: 60 }, () => {
      const loss = squaredError(model.forward(blurred), x);
      adam.step(backward(loss));
      return loss.item();
    });
    expect(losses[59]).toBeLessThan(0.4 * losses[0]);
  });
});

describe('BatchNorm2d', () => {
  const { running } = loadGolden('images');
  const tensorOf = ({ data, shape }: GoldenArray) => new Tensor(Float64Array.from(data), shape);
  const expectClose = (actual: Tensor, expected: GoldenArray) =>
    expected.data.forEach((value, i) => {
      expect(Math.abs(actual.data[i] - value)).toBeLessThanOrEqual(1e-12);
    });
  const make = () => new BatchNorm2d({ channels: 2, momentum: running.momentum, dtype: 'float64' });

  it("keeps PyTorch's running statistics, under its names", () => {
    const layer = make();
    expect(shapes(layer)).toEqual({
      weight: [2],
      bias: [2],
      running_mean: [2],
      running_var: [2],
      num_batches_tracked: [],
    });
    expect([...layer.namedParameters().keys()]).toEqual(['weight', 'bias']);
    running.batches.forEach((batch, i) => {
      layer.forward(tensorOf(batch));
      expectClose(layer.runningMean, running.after[i].mean);
      expectClose(layer.runningVariance, running.after[i].variance);
      expect(layer.batchesTracked.item()).toBe(i + 1);
    });
    const before = layer.stateDict();
    const x = tensorOf(running.batches[0]);
    expectClose(layer.eval().forward(x), running.evaluated);
    for (const [name, values] of layer.stateDict()) expect(equal(values, before.get(name) ?? x)).toBe(true);
  });

  it('has buffers in the state, and gets them back', () => {
    const model = new Sequential(make(), make());
    for (const batch of running.batches) model.forward(tensorOf(batch));
    expect([...model.namedBuffers().keys()]).toEqual(
      [0, 1].flatMap((i) =>
        ['running_mean', 'running_var', 'num_batches_tracked'].map((name) => `${i}.${name}`),
      ),
    );
    const copy = new Sequential(make(), make());
    copy.loadStateDict(model.stateDict());
    const x = tensorOf(running.batches[1]);
    const [a, b] = [model, copy].map((each) => noGrad(() => each.eval().forward(x)));
    expect(equal(a, b)).toBe(true);
    const state = model.stateDict();
    state.delete('1.running_var');
    expect(() => copy.loadStateDict(state)).toThrow("missing: '1.running_var'");
  });

  it('refuses two names in one, other channels, and a batch of one number', () => {
    class Twice extends Module {
      readonly scale = this.buffer('offset', zeros([1]));
      readonly shift = this.buffer('offset', zeros([2]));
    }
    expect(() => new Twice()).toThrow("Twice: there is a buffer 'offset' already");
    expect(() => make().forward(zeros([1, 3, 2, 2], { dtype: 'float64' }))).toThrow(
      'BatchNorm2d: takes [batch, 2, height, width], but got [1, 3, 2, 2]',
    );
    const one = zeros([1, 2, 1, 1], { dtype: 'float64' });
    expect(() => make().forward(one)).toThrow('one number of each channel has no variance to train on');
    expect(make().eval().forward(one).shape).toEqual([1, 2, 1, 1]);
    expect(() => new BatchNorm2d({ channels: 2, momentum: 2 })).toThrow('momentum is 2');
  });
});

describe('the other layers of images', () => {
  const x = draw([2, 4, 6, 6]);

  it('compute what their ops do', () => {
    expect(new MaxPool2d({ kernel: 2 }).forward(x).shape).toEqual([2, 4, 3, 3]);
    expect(new AvgPool2d({ kernel: [2, 3], stride: 1 }).forward(x).shape).toEqual([2, 4, 5, 4]);
    expect(new Upsample({ scale: 2, mode: 'bilinear' }).forward(x).shape).toEqual([2, 4, 12, 12]);
    expect(new Upsample({ size: [7, 9] }).forward(x).shape).toEqual([2, 4, 7, 9]);
    expect(`${new MaxPool2d({ kernel: [2, 1], stride: 2 })}`).toBe('MaxPool2d(kernel=[2, 1], stride=2)');
    expect(() => new MaxPool2d({ kernel: 0 })).toThrow('MaxPool2d: kernel along height is 0');
    const flat = new Flatten().forward(x);
    expect(equal(new Reshape([4, 6, 6]).forward(flat), x)).toBe(true);
    expect(() => new Reshape([4, 6]).forward(flat)).toThrow(
      'Reshape: an example is [144], which has not the 24 elements of [4, 6]',
    );
  });

  it('GroupNorm normalizes each group of an example', () => {
    const layer = new GroupNorm({ groups: 2, channels: 4 });
    expect(shapes(layer)).toEqual({ weight: [4], bias: [4] });
    const y = layer.forward(x);
    const group = y.data.subarray(2 * 36, 4 * 36);
    expect([...group].reduce((a, b) => a + b, 0) / group.length).toBeCloseTo(0, 5);
    expect([...group].reduce((a, b) => a + b * b, 0) / group.length).toBeCloseTo(1, 3);
    expect(`${layer}`).toBe('GroupNorm(groups=2, channels=4, eps=0.00001, affine=true)');
    expect(() => new GroupNorm({ groups: 3, channels: 4 })).toThrow('nearest that do: 2 or 4');
    expect(() => layer.forward(zeros([2, 3]))).toThrow('GroupNorm: takes [batch, 4, ...], but got [2, 3]');
  });

  it('Dropout2d drops whole channels, and draws what it drops from its stream', () => {
    const layer = new Dropout2d({ rate: 0.5, stream: stream('dropout') });
    const y = layer.forward(relu(draw([8, 16, 3, 3])));
    let dropped = 0;
    for (let channel = 0; channel < 8 * 16; channel++) {
      if (y.data.subarray(9 * channel, 9 * channel + 9).every((value) => value === 0)) dropped++;
    }
    expect(dropped).toBeGreaterThan(40);
    expect(dropped).toBeLessThan(90);
    expect(() => layer.forward(zeros([3]))).toThrow('Dropout2d: takes x [batch, channels, ...], but got [3]');
    expect(() => new Dropout2d({ rate: 1, stream: stream() })).toThrow('Dropout2d: rate is 1');
  });
});
