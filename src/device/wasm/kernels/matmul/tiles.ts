import { type Tile, tileName } from './tile.js';

/** Tiles that are fastest on some engine; the sums and operands of each fit sixteen registers. */
export const TILES: readonly Tile[] = [
  { rows: 4, columns: 8 },
  { rows: 6, columns: 8 },
  { rows: 3, columns: 12 },
  { rows: 2, columns: 16 },
];

/** The tile of a name. @throws RangeError listing the names for any other. */
export function tileNamed(name: string): Tile {
  const tile = TILES.find((candidate) => tileName(candidate) === name);
  if (tile !== undefined) return tile;
  throw new RangeError(
    `the tile '${name}' is none of the candidates; choose ${TILES.map(tileName).join(', ')}`,
  );
}
