import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readParams } from '../../../src/page/state/address.js';
import {
  choicesFor,
  coordinateName,
  coordinates,
  coordinateTitle,
  estimatorsSchema,
  indicesOf,
} from '../../../src/page/views/estimators/choices.js';
import { estimatorNames } from '../../../src/study/estimators/index.js';

const groupsOf = (...names: string[]) => names.map((name) => ({ name }));
const model = { latent: 2, batch: 4, groups: groupsOf('mean', 'logvar', 'encoder') };
const readChoices = (params: Record<string, string>, of: typeof model) =>
  choicesFor(readParams(estimatorsSchema, params).values, of);

describe('the choices in an address', () => {
  it('have a default for everything', () => {
    expect(readChoices({}, model)).toMatchObject({
      batch: '16',
      draws: 1024,
      x: { part: 'mean', dimension: 0 },
      y: { part: 'mean', dimension: 1 },
      of: 0,
      group: 'encoder',
      shown: new Set(estimatorNames),
      zoom: 'pathwise',
      precision: 1,
    });
    // One dimension has no second mean; a model without hidden layers no encoder.
    const flat = readChoices({}, { latent: 1, batch: 1, groups: groupsOf('mean', 'logvar') });
    expect(flat.y).toEqual({ part: 'logvar', dimension: 0 });
    expect(flat.group).toBe('mean');
  });

  it('are what the address says', () => {
    const params = {
      batch: '4',
      draws: '256',
      x: 'logvar.1',
      y: 'mean.0',
      of: 'all',
      group: 'mean',
      show: 'score,pathwise',
      zoom: 'score',
      precision: '16',
    };
    expect(readChoices(params, model)).toMatchObject({
      batch: '4',
      draws: 256,
      x: { part: 'logvar', dimension: 1 },
      y: { part: 'mean', dimension: 0 },
      of: 'all',
      group: 'mean',
      shown: new Set(['pathwise', 'score']),
      zoom: 'score',
      precision: 16,
    });
  });

  it('are the defaults where the address makes no sense', () => {
    const names = ['batch', 'draws', 'x', 'y', 'of', 'group', 'zoom', 'precision'];
    const nonsense = fc.constantFrom('', '-1', '1e9', 'mean.7', 'NaN', '4.5', 'none');
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), nonsense), (params) => {
        expect(readChoices(params, model)).toEqual(readChoices({}, model));
      }),
    );
  });
});

describe('coordinates', () => {
  it('are each number of the posterior once, by a name and with a title', () => {
    const all = coordinates(3);
    expect(all.map(coordinateName)).toEqual([
      'mean.0',
      'mean.1',
      'mean.2',
      'logvar.0',
      'logvar.1',
      'logvar.2',
    ]);
    expect(coordinateTitle(all[4])).toBe('dL/dlogvar 2');
  });

  it('have one place for each example, and no place twice', () => {
    const size = { latent: 3, batch: 4 };
    const places = coordinates(3).flatMap((one) => indicesOf(one, 'all', size));
    expect([...places].sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect(indicesOf({ part: 'mean', dimension: 1 }, 2, size)).toEqual([7]);
    expect(indicesOf({ part: 'logvar', dimension: 0 }, 3, size)).toEqual([21]);
  });
});
