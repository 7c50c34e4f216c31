import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { gradcheck } from '../../src/check.js';
import {
  backward,
  logSoftmax,
  mean,
  mul,
  neg,
  oneHot,
  Random,
  sum,
  Tensor,
  tensor,
  variable,
  zeros,
} from '../../src/index.js';
import { Adam, accuracy, crossEntropy, Dense, Sequential, Tanh } from '../../src/nn.js';

const logitsOf = (batch: number, classes: number, seed: number): Tensor =>
  new Tensor(new Random(seed).stream('logits').normal(new Float64Array(batch * classes), 0, 3), [
    batch,
    classes,
  ]);

const calls = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }), fc.nat(1000))
  .chain(([batch, classes, seed]) =>
    fc.tuple(
      fc.constant(logitsOf(batch, classes, seed)),
      fc.array(fc.nat(classes - 1), { minLength: batch, maxLength: batch }),
    ),
  );

describe('crossEntropy', () => {
  it('is log(classes) for equal logits, and 0 for a certain right answer', () => {
    expect(crossEntropy(tensor([[0, 0, 0, 0]]), [2]).item()).toBeCloseTo(Math.log(4), 6);
    expect(crossEntropy(tensor([[1000, 0]]), [0]).item()).toBe(0);
    expect(crossEntropy(tensor([[1000, 0]]), [1]).item()).toBe(1000);
  });

  test.prop([calls])(
    'is the mean over rows of -log softmax at the label, as a product with oneHot',
    ([logits, labels]) => {
      const classes = logits.shape[1];
      const chosen = oneHot(labels, { classes, dtype: 'float64' });
      const expected = mean(neg(sum(mul(logSoftmax(logits), chosen), { axis: 1 })));
      expect(crossEntropy(logits, labels).item()).toBeCloseTo(expected.item(), 12);
    },
  );

  test.prop([calls])('has the gradient (softmax - oneHot) / batch', ([logits, labels]) => {
    const x = variable(logits);
    const gradient = backward(crossEntropy(x, labels)).get(x);
    const [batch, classes] = logits.shape;
    labels.forEach((label, i) => {
      const row = Array.from({ length: classes }, (_, j) => Math.exp(logits.at(i, j)));
      const total = row.reduce((a, b) => a + b, 0);
      row.forEach((e, j) => {
        expect(gradient.at(i, j)).toBeCloseTo((e / total - (j === label ? 1 : 0)) / batch, 10);
      });
    });
  });

  it('passes gradcheck to second order, and sums over positions of an example', () => {
    const logits = new Tensor(logitsOf(6, 4, 5).data, [2, 3, 4]);
    const labels = tensor([
      [0, 3, 1],
      [2, 2, 0],
    ]);
    const report = gradcheck((x) => crossEntropy(x, labels), [logits], { order: 2 });
    expect(report.passed, String(report)).toBe(true);
    const flat = crossEntropy(new Tensor(logits.data, [6, 4]), labels.data);
    expect(crossEntropy(logits, labels).item()).toBeCloseTo(3 * flat.item(), 12);
  });

  it('names the label that is out of range, and says which labels fit', () => {
    const logits = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(() => crossEntropy(logits, [0, 3])).toThrow(
      'crossEntropy: label 3 (number 1) is out of range; it must be an integer from 0 to 2',
    );
    expect(() => crossEntropy(logits, [0, -1])).toThrow(RangeError);
    expect(() => crossEntropy(logits, [0.5, 1])).toThrow('label 0.5');
    expect(() => crossEntropy(logits, [0])).toThrow('take one label for each row, [2], but got 1 labels');
    expect(() => crossEntropy(logits, tensor([[0], [1]]))).toThrow('but got [2, 1]');
    expect(() => crossEntropy(tensor([1, 2]), [0])).toThrow('logits must be [batch, ..., classes]');
    expect(() => crossEntropy(zeros([0, 3]), [])).toThrow('at least one example, but are [0, 3]');
  });

  it('trains a classifier of exclusive or', () => {
    const stream = new Random(2).stream('init');
    const model = new Sequential(
      new Dense({ inputs: 2, outputs: 8, stream }),
      new Tanh(),
      new Dense({ inputs: 8, outputs: 2, stream }),
    );
    const x = tensor([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    const labels = [0, 1, 1, 0];
    const adam = new Adam(model.namedParameters(), { learningRate: 0.05 });
    const before = crossEntropy(model.forward(x), labels).item();
    for (let i = 0; i < 150; i++) adam.step(backward(crossEntropy(model.forward(x), labels)));
    expect(crossEntropy(model.forward(x), labels).item()).toBeLessThan(0.1 * before);
    expect(accuracy(model.forward(x), labels)).toBe(1);
  });
});

describe('accuracy', () => {
  it('counts rows whose largest logit is at the label, the first of those that tie', () => {
    const logits = tensor([
      [1, 2],
      [2, 1],
      [3, 3],
      [0, 1],
    ]);
    expect(accuracy(logits, [1, 1, 0, 1])).toBe(0.75);
    expect(accuracy(logits, tensor([1, 0, 1, 1]))).toBe(0.75);
    expect(accuracy(variable(logits), Uint8Array.of(0, 1, 1, 0))).toBe(0);
    expect(() => accuracy(logits, [0, 1])).toThrow('accuracy: logits [4, 2] take one label for each row');
    expect(() => accuracy(logits, [0, 1, 2, 0])).toThrow('accuracy: label 2');
    expect(() => accuracy(zeros([0, 2]), [])).toThrow('accuracy: logits must be');
  });
});
