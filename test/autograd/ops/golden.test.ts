import { describe, expect, test } from 'vitest';
import { backward, type Operand, variable } from '../../../src/autograd/index.js';
import * as imageOps from '../../../src/autograd/ops/images.js';
import * as coreOps from '../../../src/autograd/ops/index.js';
import { Tensor } from '../../../src/tensor/index.js';
import { type FunctionCase, type GoldenArray, loadGolden } from '../../golden/load.js';

const ops = { ...coreOps, ...imageOps };

type Params = (name: string) => number;

/** A setting for both axes of an image. */
type OfImage = number | readonly [number, number];

/** The settings of a function of images, under PyTorch's names. */
interface ImageParams {
  readonly kernel_size?: OfImage;
  readonly stride?: OfImage;
  readonly padding?: OfImage | 'same';
  readonly dilation?: OfImage;
  readonly output_padding?: OfImage;
  readonly groups?: number;
  readonly count_include_pad?: boolean;
  readonly output_size?: OfImage;
  readonly scale_factor?: OfImage;
  readonly size?: OfImage;
  readonly align_corners?: boolean;
  readonly mode?: string;
  readonly pad?: readonly number[];
  readonly num_groups?: number;
  readonly eps?: number;
  readonly mean?: readonly number[];
  readonly variance?: readonly number[];
}

/** Options by our names; those that are not given are left out. */
const options = ({ stride, padding, dilation, kernel_size, output_padding, groups }: ImageParams) =>
  Object.fromEntries(
    Object.entries({
      kernel: kernel_size,
      outputPadding: output_padding,
      stride,
      padding,
      dilation,
      groups,
    }).filter(([, value]) => value !== undefined),
  );

const pooled = (params: ImageParams) => ({ kernel: params.kernel_size ?? 0, ...options(params) });

/** PyTorch gives pairs of sides from the last axis to the first. */
const sidesOf = (rank: number, pad: readonly number[]): [number, number][] =>
  Array.from({ length: rank }, (_, axis) => {
    const at = 2 * (rank - 1 - axis);
    return at < pad.length ? [pad[at], pad[at + 1]] : [0, 0];
  });

const numbers = (list: readonly number[]): Tensor => new Tensor(Float64Array.from(list), [list.length]);

/** Functions of images. */
const images: Readonly<Record<string, (inputs: readonly Tensor[], params: ImageParams) => Tensor>> = {
  conv2d: ([x, weight, bias], params) => ops.conv2d(x, weight, bias, options(params)),
  conv1d: ([x, weight, bias], params) => ops.conv1d(x, weight, bias, options(params)),
  conv_transpose2d: ([x, weight, bias], params) => ops.convTranspose2d(x, weight, bias, options(params)),
  max_pool2d: ([x], params) => ops.maxPool2d(x, pooled(params)),
  avg_pool2d: ([x], params) =>
    ops.avgPool2d(x, { ...pooled(params), countPadding: params.count_include_pad ?? true }),
  interpolate: ([x], { scale_factor, size, mode, align_corners = false }) =>
    ops.upsample(x, {
      ...(size === undefined ? { scale: scale_factor ?? 0 } : { size }),
      mode: mode === 'nearest' ? 'nearest' : 'bilinear',
      alignCorners: align_corners,
    }),
  pad: ([x], { pad = [], mode }) =>
    ops.pad(x, { padding: sidesOf(x.rank, pad), mode: mode === 'reflect' ? 'reflect' : 'constant' }),
  unfold: ([x], params) => ops.unfold(x, pooled(params)),
  fold: ([x], params) => ops.fold(x, { size: params.output_size ?? 0, ...pooled(params) }),
  batch_norm: ([x, weight, bias], { mean, variance }) =>
    ops.batchNorm(x, {
      weight,
      bias,
      ...(mean && variance && { mean: numbers(mean), variance: numbers(variance) }),
    }),
  group_norm: ([x, weight, bias], { num_groups = 0, eps = 1e-5 }) =>
    ops.groupNorm(x, { groups: num_groups, weight, bias, eps }),
};

/** What each of PyTorch's functions is here. */
const functions: Readonly<Record<string, (inputs: readonly Tensor[], param: Params) => Tensor>> = {
  softplus: ([x]) => ops.softplus(x),
  sigmoid: ([x]) => ops.sigmoid(x),
  tanh: ([x]) => ops.tanh(x),
  gelu: ([x]) => ops.gelu(x),
  elu: ([x], param) => ops.elu(x, { alpha: param('alpha') }),
  leaky_relu: ([x], param) => ops.leakyRelu(x, { slope: param('negative_slope') }),
  expm1: ([x]) => ops.expm1(x),
  log1p: ([x]) => ops.log1p(x),
  clamp: ([x], param) => ops.clamp(x, { min: param('min'), max: param('max') }),
  softmax: ([x], param) => ops.softmax(x, { axes: param('dim') }),
  log_softmax: ([x], param) => ops.logSoftmax(x, { axes: param('dim') }),
  logsumexp: ([x], param) => ops.logsumexp(x, { axes: param('dim') }),
  amax: ([x], param) => ops.max(x, { axes: param('dim') }),
  bce_with_logits: ([logits, target]) => ops.sub(ops.softplus(logits), ops.mul(target, logits)),
  gaussian_nll: ([x, mean, logsigma]) => {
    const scaled = ops.div(ops.sub(x, mean), ops.exp(logsigma));
    return plus(ops.mul(ops.square(scaled), 0.5), logsigma, 0.5 * Math.log(2 * Math.PI));
  },
};

const plus = (first: Tensor, ...rest: readonly Operand[]): Tensor =>
  rest.reduce<Tensor>((sum, term) => ops.add(sum, term), first);

/** Beyond the ops: `test/nn` and `test/vae` hold these against the same file. */
const elsewhere = ['kl_standard_normal', 'kl_diagonal_normals'];

const TOLERANCE = 1e-12;

function expectClose(actual: Tensor, expected: GoldenArray, what: string): void {
  expect(actual.shape).toEqual(expected.shape);
  expected.data.forEach((value, i) => {
    const got = actual.data[i];
    const close = Math.abs(got - value) <= TOLERANCE * Math.max(1, Math.abs(value));
    if (!(close || got === value || Object.is(got, value))) {
      expect.fail(`${what}: element ${i} is ${got}, PyTorch has ${value}`);
    }
  });
}

/**
 * PyTorch's weights in the gradient of logsumexp are e^(x - y). In the row of four -1e30, y = -1e30 + log 4 rounds
 * to -1e30, so that they are 1 each and sum to 4. A softmax sums to 1; so do the weights here.
 */
function weightsThatSumToOne({ name, inputs, gradients }: FunctionCase): FunctionCase['gradients'] {
  if (name !== 'logsumexp') return gradients;
  const { data, shape } = gradients.x;
  const tied = data.map((g, i) => (inputs.x.data[i] === -1e30 && g !== 0 ? g / 4 : g));
  return { x: { shape, data: tied } };
}

const cases = [...loadGolden('functions').cases, ...loadGolden('images').cases];
const tested = cases.filter(({ name }) => name in functions || name in images);

describe.each(tested)('$name $params $note', (c) => {
  const names = Object.keys(c.inputs);
  const inputs = names.map((name) =>
    variable(new Tensor(Float64Array.from(c.inputs[name].data), c.inputs[name].shape), name),
  );
  const value =
    c.name in images
      ? images[c.name](inputs, c.params)
      : functions[c.name](inputs, (name) => Number(c.params[name]));

  test('has the value of PyTorch', () => {
    expectClose(value, c.value, 'value');
  });

  test('has the gradients of PyTorch', () => {
    const cotangent = new Tensor(Float64Array.from(c.upstream.data), c.upstream.shape);
    const found = backward(value, { cotangent });
    const expected = weightsThatSumToOne(c);
    names.forEach((name, i) => {
      expectClose(found.get(inputs[i]), expected[name], `gradient of ${name}`);
    });
  });
});

test('every case is tested, here or where its function lives', () => {
  const names = [...new Set(cases.map(({ name }) => name))];
  expect(names.filter((name) => !(name in functions || name in images))).toEqual(elsewhere);
  expect(tested.length).toBeGreaterThanOrEqual(79);
});
