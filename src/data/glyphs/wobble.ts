import { Random } from '../../autograd/ops/random.js';
import type { RandomStream } from '../../tensor/random/stream.js';

/** The displacement field: quadratic B-splines on cells over x from -0.4 to 0.4 and y from 0 to 1. */
const CELL_COLUMNS = 2;
const CELL_ROWS = 3;
const NODE_COLUMNS = CELL_COLUMNS + 2;
const NODES = NODE_COLUMNS * (CELL_ROWS + 2);
/** The splines average over nodes; this brings the field's standard deviation back to near 1. */
const FIELD_GAIN = 1.6;
/** The most points a skeleton has. */
const MAX_POINTS = 24;
/** Each point's own displacement, as a share of the field's. */
const OWN_SHARE = 0.22;
const VALUES = 2 * (NODES + MAX_POINTS);
/** A random value is the sum of this many uniform ones: bell-shaped, and made of additions only. */
const SUMMANDS = 3;
const UNIFORMS = VALUES * SUMMANDS;
/** Blocks of the stream per key: four values each. */
const BLOCKS = Math.ceil(UNIFORMS / 4);
/** The displacements belong to the glyphs' definition: the key chooses one of them, whatever the user's seed. */
const FIXED_SEED = 2024;

/** Displaces points as an unsteady hand does. */
export interface Wobble {
  /** Takes up the displacement with this number. */
  choose(key: number): void;
  /**
   * Displaces points: neighbours move together, each a little on its own.
   *
   * @param points x and y of n points, changed in place
   * @param first the number, within the glyph, of the first of them
   * @param amount standard deviation of the displacement, in heights of the digit
   */
  displace(points: Float64Array, first: number, amount: number): void;
}

/** Makes a {@link Wobble}, with its own stream and buffers. */
export function createWobble(): Wobble {
  const stream: RandomStream = new Random(FIXED_SEED).stream('data/wobble');
  const uniforms = new Float64Array(UNIFORMS);
  const values = new Float64Array(VALUES);
  return {
    choose(key) {
      stream.seek(key * BLOCKS);
      stream.uniform(uniforms, -1, 1);
      for (let i = 0; i < VALUES; i++) {
        // Three uniform values from -1 to 1 add up to variance 1.
        values[i] = uniforms[3 * i] + uniforms[3 * i + 1] + uniforms[3 * i + 2];
      }
    },
    displace(points, first, amount) {
      const own = 2 * NODES;
      for (let i = 0; i < points.length; i += 2) {
        const x = points[i];
        const y = points[i + 1];
        for (let axis = 0; axis < 2; axis++) {
          const single = values[own + ((2 * first + i + axis) % (2 * MAX_POINTS))];
          points[i + axis] += amount * (FIELD_GAIN * fieldAt(values, axis, x, y) + OWN_SHARE * single);
        }
      }
    },
  };
}

/** The field's value at a point: smooth, so that a round stroke stays round. */
function fieldAt(values: Float64Array, axis: number, x: number, y: number): number {
  const u = Math.min(1, Math.max(0, (x + 0.4) / 0.8)) * CELL_COLUMNS;
  const v = Math.min(1, Math.max(0, y)) * CELL_ROWS;
  const column = Math.min(CELL_COLUMNS - 1, Math.floor(u));
  const row = Math.min(CELL_ROWS - 1, Math.floor(v));
  let sum = 0;
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 3; c++) {
      const node = (row + r) * NODE_COLUMNS + column + c;
      sum += spline(r, v - row) * spline(c, u - column) * values[2 * node + axis];
    }
  }
  return sum;
}

/** Weight of node 0, 1 or 2 about a cell, at a share t of the cell: they add up to 1. */
function spline(node: number, t: number): number {
  if (node === 0) return 0.5 * (1 - t) * (1 - t);
  return node === 1 ? 0.5 + t * (1 - t) : 0.5 * t * t;
}
