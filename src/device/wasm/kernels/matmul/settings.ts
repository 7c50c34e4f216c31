import { fastMathOption, tileOption } from '../../../../tensor/options.js';
import { hasRelaxedSimd } from '../../engine.js';
import { TileChooser } from './chooser.js';
import { TILES, tileNamed } from './tile.js';

/** How products are computed. */
export interface MatmulSettings {
  readonly tiles: TileChooser;
  /** Fuse multiplications and additions: faster on some machines, and bits then differ. */
  readonly fastMath: boolean;
  /** The share of zeros in an operand from which on they are left out. */
  readonly sparseFrom: number;
}

/** Measured: below it the tiles win. */
const SPARSE_FROM = 0.45;

let made: MatmulSettings | undefined;

/** The settings of this process, from its options. @throws RangeError for a tile that is none of the candidates. */
export function matmulSettings(): MatmulSettings {
  if (made === undefined) {
    const name = tileOption();
    const candidates = name === undefined ? TILES : [tileNamed(name)];
    made = {
      tiles: new TileChooser(candidates, () => performance.now()),
      fastMath: fastMathOption() && hasRelaxedSimd(),
      sparseFrom: SPARSE_FROM,
    };
  }
  return made;
}
