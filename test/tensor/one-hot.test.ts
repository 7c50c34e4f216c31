import { describe, expect, it } from 'vitest';
import { oneHot, tensor } from '../../src/index.js';

describe('oneHot', () => {
  it('puts a 1 at each label', () => {
    expect(oneHot([2, 0], { classes: 3 }).toArray()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ]);
    expect(oneHot(Uint8Array.of(1), { classes: 2, dtype: 'float64' }).dtype).toBe('float64');
    expect(oneHot([], { classes: 2 }).shape).toEqual([0, 2]);
  });

  it('keeps the shape of a tensor of labels', () => {
    expect(oneHot(tensor([[1], [0]]), { classes: 2 }).toArray()).toEqual([[[0, 1]], [[1, 0]]]);
    expect(oneHot(tensor(1), { classes: 2 }).toArray()).toEqual([0, 1]);
  });

  it('names the label that is out of range, and what classes must be', () => {
    expect(() => oneHot([0, 3, -1], { classes: 3 })).toThrow(
      'oneHot: label 3 (number 1) is out of range; it must be an integer from 0 to 2',
    );
    expect(() => oneHot([0.5], { classes: 3 })).toThrow('label 0.5');
    expect(() => oneHot([0], { classes: 0 })).toThrow(
      'oneHot: classes is 0; it must be an integer of 1 or more',
    );
    expect(() => Reflect.apply(oneHot, null, [[0], { depth: 3 }])).toThrow(
      "oneHot: there is no option 'depth'",
    );
  });
});
