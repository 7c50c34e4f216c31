import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  choice,
  complete,
  type Fields,
  flagOf,
  flagWords,
  type Given,
  group,
  integer,
  JsonReader,
  keyOf,
  leavesOf,
  list,
  nested,
  number,
  optional,
  pick,
  readTexts,
  relevant,
  rows,
  text,
  textNeedOf,
  toggle,
  unusual,
  type Values,
  valueOfText,
} from '../../../src/nn/schema/index.js';
import { schema } from '../../../src/nn.js';
import { CheckpointError } from '../../../src/tensor/safetensors.js';
import { anySchema } from './arbitraries.js';

const fields = {
  epochs: integer({ min: 0, help: 'passes over the data' }),
  batchSize: integer({ min: 1, default: 128, help: 'examples per step' }),
  learningRate: number({ above: 0, max: 10, default: 1e-3, key: 'lr', help: 'of the optimiser' }),
  clipNorm: optional(number({ above: 0, help: 'longest gradient' })),
  binarize: toggle({ help: 'draw each pixel' }),
  likelihood: choice(
    { bernoulli: 'Bernoulli', gaussian: 'Gaussian' },
    { default: 'bernoulli', help: 'of a pixel' },
  ),
  hidden: list(integer({ min: 1, help: 'width' }), { help: 'widths', default: [8] }),
  earlyStopping: group({
    patience: integer({ min: 1, help: 'epochs', unit: 'epochs' }),
    minDelta: number({ min: 0, default: 0, help: 'least gain', unit: 'nats' }),
  }),
};
const defaults = {
  epochs: 1,
  batchSize: 128,
  learningRate: 1e-3,
  clipNorm: null,
  binarize: false,
  likelihood: 'bernoulli',
  hidden: [8],
  earlyStopping: null,
} as const;

const read = (schema: Fields, value: unknown) =>
  JsonReader.parse('f', 'settings', JSON.stringify(value)).settings(schema);

/** What the words of a command line say, one flag after the other. */
function parseFlags(schema: Fields, words: readonly string[]): object {
  const left = [...words];
  const found = leavesOf(schema).map((leaf) => {
    const at = left.indexOf(`--${flagOf(leaf)}`);
    if (at < 0) return [leaf, undefined] as const;
    const [, value] = left.splice(at, leaf.setting.kind === 'toggle' ? 1 : 2);
    return [
      leaf,
      value === undefined ? leaf.setting.default === false : valueOfText(leaf.setting, value),
    ] as const;
  });
  expect(left).toEqual([]);
  return nested(found);
}

describe('a schema', () => {
  it('reads back what it wrote as JSON', () => {
    fc.assert(
      fc.property(anySchema, ({ fields: schema, values }) => {
        expect(complete(schema, values, 'test')).toEqual(values);
        expect(read(schema, values)).toEqual(values);
      }),
    );
  });

  it('reads back what it wrote as flags and in an address', () => {
    fc.assert(
      fc.property(anySchema, ({ fields: schema, values }) => {
        expect(complete(schema, parseFlags(schema, flagWords(schema, values)), 'test')).toEqual(values);
        const query = new URLSearchParams(
          unusual(schema, values).map(({ leaf, text: value }): [string, string] => [keyOf(leaf), value]),
        );
        const { given, problems } = readTexts(schema, (key) =>
          new URLSearchParams(query.toString()).get(key),
        );
        expect(problems).toEqual([]);
        expect(complete(schema, Object(given), 'test')).toEqual(values);
      }),
    );
  });

  it('refuses a value that does not fit, by its path', () => {
    fc.assert(
      fc.property(anySchema, ({ fields: schema, wrong: { path, values } }) => {
        expect(() => complete(schema, values, 'Test')).toThrow(RangeError);
        expect(() => complete(schema, values, 'Test')).toThrow(`Test: ${path} is`);
        expect(() => read(schema, values)).toThrow(`f: settings.${path} is`);
      }),
    );
  });

  it('refuses a name that it has not, with those that it has', () => {
    fc.assert(
      fc.property(anySchema, fc.string({ minLength: 14 }), ({ fields: schema, values }, stranger) => {
        const all = { ...values, [stranger]: 1 };
        const names = Object.keys(schema);
        const known = names.length === 1 ? `there is only '${names[0]}'` : `there are ${names.join(', ')}`;
        expect(() => complete(schema, all, 'Test')).toThrow(TypeError);
        expect(() => complete(schema, all, 'Test')).toThrow(
          `Test: there is no option '${stranger}'; ${known}`,
        );
        expect(() => read(schema, all)).toThrow(`there are ${names.join(', ')}`);
      }),
    );
  });

  it('infers the types of what is given and of what comes of it', () => {
    expectTypeOf<Values<typeof fields>>().toEqualTypeOf<{
      readonly epochs: number;
      readonly batchSize: number;
      readonly learningRate: number;
      readonly clipNorm: number | null;
      readonly binarize: boolean;
      readonly likelihood: 'bernoulli' | 'gaussian';
      readonly hidden: readonly number[];
      readonly earlyStopping: { readonly patience: number; readonly minDelta: number } | null;
    }>();
    expectTypeOf<{ epochs: number }>().toExtend<Given<typeof fields>>();
    expectTypeOf<{ batchSize: number }>().not.toExtend<Given<typeof fields>>();
    expectTypeOf<{ epochs: number; earlyStopping: { patience: number } }>().toExtend<Given<typeof fields>>();
    expectTypeOf<{ epochs: number; likelihood: 'poisson' }>().not.toExtend<Given<typeof fields>>();
  });
});

it('can be declared with pathwise/nn', () => {
  const own = { rate: schema.number({ above: 0, help: 'events per pixel' }) };
  expect(complete(own, { rate: 2 }, 'Own')).toEqual({ rate: 2 });
  expectTypeOf<schema.Values<typeof own>>().toEqualTypeOf<{ readonly rate: number }>();
});

describe('complete', () => {
  it('puts every default in place, of groups too', () => {
    expect(complete(fields, { epochs: 1 }, 'Trainer')).toEqual(defaults);
    expect(complete(fields, { epochs: 1, clipNorm: undefined }, 'Trainer')).toEqual(defaults);
    expect(complete(fields, { epochs: 1, earlyStopping: { patience: 2 } }, 'Trainer')).toEqual({
      ...defaults,
      earlyStopping: { patience: 2, minDelta: 0 },
    });
    expect(Object.is(complete({ x: number({ help: 'x' }) }, { x: -0 }, 'Trainer').x, 0)).toBe(true);
  });

  it.each<[object, string]>([
    [{}, 'Trainer: epochs is undefined; it must be an integer of 0 or more'],
    [{ epochs: '3' }, 'Trainer: epochs is "3"; it must be an integer of 0 or more'],
    [{ epochs: 2 ** 53 }, 'epochs is 9007199254740992; it must be an integer'],
    [{ epochs: null }, 'Trainer: epochs is null; it must be an integer of 0 or more'],
    [{ learningRate: Number.NaN }, 'learningRate is NaN; it must be a finite number above 0, at most 10'],
    [{ clipNorm: 0 }, 'clipNorm is 0; it must be a finite number above 0, or null'],
    [{ likelihood: 'poisson' }, `likelihood is "poisson"; it must be 'bernoulli' or 'gaussian'`],
    [{ likelihood: 'toString' }, `likelihood is "toString"; it must be 'bernoulli' or 'gaussian'`],
    [{ hidden: [5, 0] }, 'hidden is [5,0]; it must be a list, each an integer of 1 or more'],
    [
      { earlyStopping: 3 },
      'Trainer: earlyStopping: options are given by name, as in { patience: ... }, but got a number',
    ],
    [{ earlyStopping: {} }, 'earlyStopping.patience is undefined; it must be an integer of 1 or more'],
    [
      { earlyStopping: { patienc: 3 } },
      "Trainer: earlyStopping: there is no option 'patienc'; there are patience, minDelta; did you mean 'patience'?",
    ],
  ])('names what is wrong with %j', (given, message) => {
    const all: object = 'epochs' in given || message.includes('epochs is') ? given : { epochs: 1, ...given };
    expect(() => complete(fields, Object(all), 'Trainer')).toThrow(message);
  });
});

describe('JSON', () => {
  it('older than a setting gives it its default; newer is refused', () => {
    expect(read(fields, { epochs: 1, hidden: [8] })).toEqual(defaults);
    expect(() => read(fields, {})).toThrow(CheckpointError);
    expect(() => read(fields, {})).toThrow('f: settings.epochs is missing; expected an integer of 0 or more');
    expect(() => read(fields, { epochs: 1, momentum: 0.9 })).toThrow(
      "f: settings has 'momentum', which this version does not know; there are epochs, batchSize",
    );
    expect(() => read(fields, [])).toThrow('f: settings is []; expected an object');
  });
});

describe('texts', () => {
  it.each(['', ' ', 'ten', 'NaN', 'Infinity', '0x10', '1e400', '9007199254740993', '1.5', '0', '1,2'])(
    '%j is no batch size',
    (value) => expect(valueOfText(fields.batchSize, value)).toBeUndefined(),
  );

  it.each(['', '512,', '512,0', '12.5', 'a,b', '512 256'])('%j are no widths', (value) =>
    expect(valueOfText(fields.hidden, value)).toBeUndefined(),
  );

  it('has words for nothing', () => {
    expect(valueOfText(fields.hidden, 'none')).toEqual([]);
    expect(valueOfText(fields.clipNorm, 'none')).toBeNull();
    expect(textNeedOf(fields.clipNorm)).toBe("a finite number above 0, or 'none'");
    expect(textNeedOf(fields.hidden)).toBe('a list, each an integer of 1 or more, with commas between');
  });

  it('are those of the unusual values alone', () => {
    const values = {
      ...defaults,
      binarize: true,
      learningRate: 0.1,
      earlyStopping: { patience: 2, minDelta: 0 },
    };
    expect(flagWords(fields, values, { epochs: 1 })).toEqual([
      '--learning-rate',
      '0.1',
      '--binarize',
      '--early-stopping-patience',
      '2',
      '--early-stopping-min-delta',
      '0',
    ]);
    expect(flagWords(fields, { ...defaults, hidden: [] }, { epochs: 2, hidden: [] })).toEqual([
      '--epochs',
      '1',
    ]);
    expect(unusual(fields, values).map(({ leaf }) => keyOf(leaf))).toContain('lr');
  });

  it('that cannot be read are told and left out', () => {
    const texts: Record<string, string> = {
      lr: '0',
      clipNorm: '-1',
      'earlyStopping.patience': '3',
      epochs: '2',
    };
    expect(readTexts(fields, (key) => texts[key] ?? null)).toEqual({
      given: { epochs: 2, earlyStopping: { patience: 3 } },
      problems: [
        "lr is '0'; it must be a finite number above 0, at most 10",
        "clipNorm is '-1'; it must be a finite number above 0, or 'none'",
      ],
    });
  });

  it('leave out what does not matter', () => {
    const schema = {
      likelihood: choice(['bernoulli', 'gaussian'], { help: 'of a pixel' }),
      sigma: number({ above: 0, default: 1, onlyWith: { likelihood: 'gaussian' }, help: 'of a pixel' }),
    };
    const [used, idle] = (['gaussian', 'bernoulli'] as const).map((likelihood) => ({ likelihood, sigma: 2 }));
    expect(relevant(schema, used)).toEqual(used);
    expect(relevant(schema, idle)).toEqual({ likelihood: 'bernoulli', sigma: 1 });
    expect(flagWords(schema, used)).toEqual(['--likelihood', 'gaussian', '--sigma', '2']);
    expect(flagWords(schema, idle)).toEqual(['--likelihood', 'bernoulli']);
    expect(rows(schema, idle)).toEqual([['Likelihood', 'bernoulli']]);
  });

  it('make the rows of a report', () => {
    const values = { ...defaults, hidden: [8, 4], earlyStopping: { patience: 2, minDelta: 0 } };
    expect(rows(fields, values)).toEqual([
      ['Epochs', '1'],
      ['Batch size', '128'],
      ['Learning rate', '0.001'],
      ['Clip norm', 'none'],
      ['Binarize', 'no'],
      ['Likelihood', 'bernoulli'],
      ['Hidden', '8,4'],
      ['Early stopping patience', '2 epochs'],
      ['Early stopping min delta', '0 nats'],
    ]);
  });
});

it('picks the values of a smaller schema', () => {
  const { epochs, batchSize } = fields;
  expect(pick({ epochs, batchSize }, defaults)).toEqual({ epochs: 1, batchSize: 128 });
});

it('a text takes any word but none at all', () => {
  const folder = text({ need: 'the path of a folder', help: 'where' });
  expect(valueOfText(folder, 'a b')).toBe('a b');
  expect(() => complete({ folder }, { folder: '' }, 'Data')).toThrow('it must be the path of a folder');
});
