import { runInNewContext } from 'node:vm';
import { it as property } from '@fast-check/vitest';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkOptions } from '../../src/tensor/known-options.js';
import { Tensor } from '../../src/tensor/tensor.js';

const check =
  (given: unknown, ...known: string[]) =>
  () =>
    checkOptions(given, known, 'sum');

describe('checkOptions', () => {
  const name = fc.stringMatching(/^[a-z][a-zA-Z]{0,11}$/);

  property.prop([fc.uniqueArray(name, { minLength: 1 }), fc.func(fc.boolean())])(
    'accepts any part of the known options, of whatever value',
    (known, chosen) => {
      const given = Object.fromEntries(known.filter(chosen).map((key) => [key, undefined]));
      expect(check(given, ...known)).not.toThrow();
    },
  );

  property.prop([fc.uniqueArray(name, { minLength: 2 })])(
    'names one that is unknown, and all that exist',
    ([unknown, ...known]) => {
      for (const part of [`'${unknown}'`, ...known]) expect(check({ [unknown]: 1 }, ...known)).toThrow(part);
    },
  );

  it('says what might have been meant', () => {
    const guesses = [
      ['lielihood', 'likelihood'],
      ['Beta', 'beta'],
      ['tol', 'tolerance'],
      ['stddev', 'std'],
      ['transpose_b', 'transposeB'],
      ['lr', 'learningRate'],
      ['axis', 'axes'],
    ];
    for (const [given, known] of guesses) {
      const message = new RegExp(`'${given}'.*did you mean '${known}'`);
      expect(check({ [given]: 1 }, 'other', known)).toThrow(message);
      expect(check({ [given]: 1 }, 'other', 'another')).toThrow(
        `sum: there is no option '${given}'; there are other, another`,
      );
    }
  });

  it('takes objects of another realm and without a prototype', () => {
    expect(check(Object.create(null), 'axes')).not.toThrow();
    expect(check(runInNewContext('({ axes: 0 })'), 'axes')).not.toThrow();
    expect(check(runInNewContext('({ axs: 0 })'), 'axes')).toThrow("no option 'axs'");
  });

  it('refuses what is not a plain object', () => {
    const wrong: [unknown, string][] = [
      [0, 'a number'],
      [null, 'null'],
      [undefined, 'undefined'],
      ['axes', 'a string'],
      [[0, 1], 'an array'],
      [new Int32Array(1), 'an Int32Array'],
      [new Uint8Array(1), 'a Uint8Array'],
      [new Tensor(new Float32Array(1), [1]), 'a Tensor'],
      [() => 1, 'a function'],
    ];
    for (const [given, kind] of wrong) {
      expect(check(given, 'axes')).toThrow(
        `sum: options are given by name, as in { axes: ... }, but got ${kind}`,
      );
    }
    expect(check(3)).toThrow('sum: takes no options, but got a number');
    expect(check({ axes: 1 })).toThrow("sum: takes no options, but got 'axes'");
    expect(check({ b: 1 }, 'a')).toThrow("sum: there is no option 'b'; there is only 'a'");
  });
});
