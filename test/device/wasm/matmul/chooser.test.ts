import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TileChooser } from '../../../../src/device/wasm/kernels/matmul/chooser.js';
import { TILES, type Tile, tileName, tileNamed } from '../../../../src/device/wasm/kernels/matmul/tile.js';

const LARGE = 1_000_000;

/** Runs products, each of which takes as long as `time` says, until a tile is chosen. */
function choose(time: (tile: Tile, call: number) => number) {
  let now = 1000;
  const chooser = new TileChooser(TILES, () => now);
  const used: string[] = [];
  while (chooser.chosen === undefined && used.length < 10_000) {
    chooser.run(LARGE, (tile) => {
      now += time(tile, used.length);
      used.push(tileName(tile));
    });
  }
  return { chooser, used };
}

describe('the choice of a tile', () => {
  it('falls on the quickest, whichever it is, though the machine is held up now and then', () => {
    const cases = fc.record({
      best: fc.nat(TILES.length - 1),
      pauses: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 5 }),
    });
    fc.assert(
      fc.property(cases, ({ best, pauses }) => {
        // One call of three of each tile is not held up: among five timings there is such a one.
        const calls = new Map<Tile, number>();
        const { chooser } = choose((tile, call) => {
          const own = calls.get(tile) ?? 0;
          calls.set(tile, own + 1);
          return (tile === TILES[best] ? 3 : 4) + (own % 3 === 0 ? 0 : pauses[call % pauses.length]);
        });
        expect(chooser.chosen).toBe(TILES[best]);
      }),
    );
  });

  it('does not make a first result wait for all candidates', () => {
    const { used } = choose(() => 5);
    expect(new Set(used.slice(0, 20))).toEqual(new Set([tileName(TILES[0])]));
  });

  it('does not count calls before the code had its chance to be compiled well', () => {
    const { chooser } = choose((tile, call) => {
      const last = tile === TILES[3];
      if (call < 24 + 4 * TILES.length) return last ? 100 : 1;
      return last ? 2 : 3;
    });
    expect(chooser.chosen).toBe(TILES[3]);
  });

  it('gives each candidate its turns, and each place in the order of products', () => {
    const { used } = choose(() => 5);
    for (const tile of TILES) {
      const turns = used.flatMap((name, i) => (name === tileName(tile) ? [i] : []));
      expect(turns.length).toBeGreaterThanOrEqual(9);
      expect(new Set(turns.map((i) => i % TILES.length)).size).toBe(TILES.length);
    }
  });

  it('settles: the chosen one runs from then on, and small products never took part', () => {
    const { chooser } = choose((tile) => (tile === TILES[1] ? 1 : 2));
    const used = new Set<Tile>();
    for (let i = 0; i < 20; i++) chooser.run(LARGE, (tile) => used.add(tile));
    expect([...used]).toEqual([TILES[1]]);
    const small = new TileChooser(TILES, () => 0);
    for (let i = 0; i < 100; i++) small.run(LARGE - 1, (tile) => expect(tile).toBe(TILES[0]));
    expect(small.chosen).toBeUndefined();
  });

  it('of one candidate is settled at once, and needs no clock', () => {
    const chooser = new TileChooser([TILES[2]], () => expect.unreachable());
    chooser.run(LARGE, (tile) => expect(tile).toBe(TILES[2]));
    expect(chooser.chosen).toBe(TILES[2]);
  });

  it('lets an error of a product through', () => {
    const fail = () => {
      throw new Error('lost');
    };
    expect(() => new TileChooser(TILES, () => 0).run(LARGE, fail)).toThrow('lost');
  });
});

describe('tiles by name', () => {
  it('are the candidates, each under its own', () => {
    for (const tile of TILES) expect(tileNamed(tileName(tile))).toBe(tile);
    expect(new Set(TILES.map(tileName)).size).toBe(TILES.length);
  });

  it('are refused when there is none, with those that there are', () => {
    expect(() => tileNamed('7x8')).toThrow(
      new RangeError("the tile '7x8' is none of the candidates; choose 4x8, 6x8, 3x12, 2x16"),
    );
  });
});
