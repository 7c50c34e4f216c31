import { MAX_PARTS } from '../../../../tensor/memory/control.js';
import { NANOSECONDS } from '../../costs.js';
import type { KernelCode } from '../../kernel-code.js';
import type { Runtime } from '../../runtime.js';
import { FLOAT } from '../../sizes.js';
import { exactly, fused } from './epilogue.js';
import { type PanelShape, type Product, pack, panelBytes, panelShape } from './pack.js';
import { slabWidth, type Tile, tileBytes, tileCode } from './tile.js';

/** Numbers of k taken at a time, so that a panel and a slab stay in the first cache. */
const DEPTH = 512;
/** Floats of packed rows taken at a time, so that they stay in the second cache. */
const SLABS = 128 * 1024;
/** How a tile multiplies. */
interface Plan {
  readonly code: KernelCode;
  readonly slabs: PanelShape;
  readonly panels: PanelShape;
}

const plans = { exact: new Map<Tile, Plan>(), fused: new Map<Tile, Plan>() };

function planOf(tile: Tile, fastMath: boolean): Plan {
  const known = fastMath ? plans.fused : plans.exact;
  let plan = known.get(tile);
  if (plan === undefined) {
    plan = {
      code: tileCode(tile, fastMath ? fused : exactly),
      slabs: panelShape(tile.rows, slabWidth(tile)),
      panels: panelShape(tile.columns, tile.columns),
    };
    known.set(tile, plan);
  }
  return plan;
}

/** A length in parts as equal as can be, none above `most`, all but the last a multiple of `grain`. */
const evenly = (length: number, most: number, grain: number): number =>
  Math.ceil(length / Math.ceil(length / Math.max(most, grain)) / grain) * grain;

/** Computes a product with a tile: packs both operands, block of k by block of k, and multiplies. */
export function multiplyDense(runtime: Runtime, product: Product, tile: Tile, fastMath: boolean): void {
  const { m, k, n, a, b, c } = product;
  const plan = planOf(tile, fastMath);
  const { code } = plan;
  const depth = evenly(k, DEPTH, 1);
  const height = evenly(m, Math.floor(SLABS / depth), tile.rows);
  const slabs = runtime.reserve((Math.ceil(m / tile.rows) * panelBytes(plan.slabs, depth)) / FLOAT);
  const panels = runtime.reserve((Math.ceil(n / tile.columns) * panelBytes(plan.panels, depth)) / FLOAT);
  const spares = runtime.reserve((MAX_PARTS * tileBytes(tile)) / FLOAT);
  const [by, grain] = n >= m ? (['columns', tile.columns] as const) : (['rows', tile.rows] as const);

  for (let p = 0; p < k; p += depth) {
    const part = Math.min(depth, k - p);
    const slab = panelBytes(plan.slabs, part);
    const panel = panelBytes(plan.panels, part);
    pack(runtime, a, plan.slabs, { p, k: part, count: m, to: slabs });
    pack(runtime, b, plan.panels, { p, k: part, count: n, to: panels });
    const last = p + part === k;
    for (let i = 0; i < m; i += height) {
      const rows = Math.min(height, m - i);
      let parts = 0;
      const cost = rows * part * n * NANOSECONDS.multiply;
      runtime.splitGrid(code, [rows, n], by, grain, cost, (kernel, row, rowEnd, column, columnEnd) =>
        kernel(
          slabs + ((i + row) / tile.rows) * slab,
          panels + (column / tile.columns) * panel,
          c + (i + row) * product.cStep + column * FLOAT,
          part,
          rowEnd - row,
          columnEnd - column,
          product.cStep,
          spares + parts++ * tileBytes(tile),
          p === 0 ? 1 : 0,
          last && product.bias !== 0 ? product.bias + column * FLOAT : 0,
          last && product.relu ? 1 : 0,
        ),
      );
    }
  }
}
