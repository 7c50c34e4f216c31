import { eachProduct, type MatmulLayout, matmulSizes } from '../../kernels/matmul.js';
import type { Tensor } from '../../tensor.js';
import { countUp, f32, f32x4, type I32, i32, v128, when } from '../assembler/index.js';
import type { FastKernel } from '../fast-kernel.js';
import { kernelCode } from '../kernel-code.js';
import type { Runtime } from '../runtime.js';

/** A tile of the product is held in registers: 4 rows of 2 vectors, 8 accumulators of the 16 registers. */
const ROWS = 4;
const VECTORS = 2;
const COLUMNS = 4 * VECTORS;
const FLOAT = 4;
const VECTOR = 16;

/** Below this many multiplications the copies cost more than they save. */
const WORTH = 4096;

const times = (a: I32, n: number): I32 => i32.mul(a, i32.const(n));

/**
 * Packs b into panels of 8 columns, row after row, so that the inner loop reads it in order. Element (p, j) of b
 * stands at b + p * rowStep + j * columnStep (bytes), which serves b as it is and transposed. The last panel's missing
 * columns keep what is there: they only reach columns of the result that nobody reads.
 */
const packPanels = kernelCode({
  name: 'packPanels',
  parameters: { b: 'i32', panels: 'i32', k: 'i32', n: 'i32', rowStep: 'i32', columnStep: 'i32' },
  body: ({ b, panels, k, n, rowStep, columnStep }, locals) => {
    const [j, p, from, to] = locals.array('i32', 4);
    const panelBytes = times(k.get, COLUMNS * FLOAT);
    return [
      countUp(
        j,
        n.get,
        1,
        from.set(i32.add(b.get, i32.mul(j.get, columnStep.get))),
        // Panel j / 8 begins at j / 8 panels; column j % 8 within it.
        to.set(
          i32.add(
            i32.add(panels.get, i32.mul(i32.shrU(j.get, i32.const(3)), panelBytes)),
            times(i32.and(j.get, i32.const(COLUMNS - 1)), FLOAT),
          ),
        ),
        p.set(i32.const(0)),
        countUp(
          p,
          k.get,
          1,
          f32.store(to.get, f32.load(from.get)),
          from.set(i32.add(from.get, rowStep.get)),
          to.set(i32.add(to.get, i32.const(COLUMNS * FLOAT))),
        ),
      ),
    ];
  },
});

/**
 * c = a · panels. Element (i, p) of a stands at a + i * rowStep + p * columnStep; rows of c are cStep bytes apart and
 * hold whole panels. Every element of c starts at +0 and adds its k products in order: the definition in
 * src/tensor/kernels/matmul.ts. Rows past the last one of a repeat it, and write the same numbers again.
 */
const multiplyPanels = kernelCode({
  name: 'multiplyPanels',
  parameters: {
    a: 'i32',
    panels: 'i32',
    c: 'i32',
    m: 'i32',
    k: 'i32',
    n: 'i32',
    rowStep: 'i32',
    columnStep: 'i32',
    cStep: 'i32',
  },
  body: ({ a, panels, c, m, k, n, rowStep, columnStep, cStep }, locals) => {
    const [i, j, row, panel, end] = locals.array('i32', 5);
    const from = locals.array('i32', ROWS);
    const to = locals.array('i32', ROWS);
    const sums = Array.from({ length: ROWS }, () => locals.array('v128', VECTORS));
    const right = locals.array('v128', VECTORS);
    const left = locals.new('v128');
    const panelBytes = times(k.get, COLUMNS * FLOAT);

    const startRow = (r: number) => [
      row.set(i32.add(i.get, i32.const(r))),
      when(i32.ge(row.get, m.get), row.set(i32.sub(m.get, i32.const(1)))),
      from[r].set(i32.add(a.get, i32.mul(row.get, rowStep.get))),
      to[r].set(i32.add(i32.add(c.get, i32.mul(row.get, cStep.get)), times(j.get, FLOAT))),
      ...sums[r].map((sum) => sum.set(f32x4.const(0))),
    ];
    const addProducts = (r: number) => [
      left.set(v128.load32Splat(from[r].get)),
      ...sums[r].map((sum, v) => sum.set(f32x4.add(sum.get, f32x4.mul(left.get, right[v].get)))),
      from[r].set(i32.add(from[r].get, columnStep.get)),
    ];
    const eachRow = Array.from({ length: ROWS }, (_, r) => r);
    return [
      countUp(
        j,
        n.get,
        COLUMNS,
        i.set(i32.const(0)),
        countUp(
          i,
          m.get,
          ROWS,
          ...eachRow.flatMap(startRow),
          panel.set(i32.add(panels.get, i32.mul(i32.shrU(j.get, i32.const(3)), panelBytes))),
          end.set(i32.add(panel.get, panelBytes)),
          countUp(
            panel,
            end.get,
            COLUMNS * FLOAT,
            ...right.map((local, v) => local.set(v128.load(panel.get, v * VECTOR))),
            ...eachRow.flatMap(addProducts),
          ),
          ...eachRow.flatMap((r) => sums[r].map((sum, v) => v128.store(to[r].get, sum.get, v * VECTOR))),
        ),
      ),
    ];
  },
});

function isLayout(x: unknown): x is MatmulLayout {
  return typeof x === 'object' && x !== null && 'transposeA' in x && 'transposeB' in x;
}

function run(runtime: Runtime, out: Tensor, [a, b]: readonly Tensor[], layout: unknown): boolean {
  if (!isLayout(layout)) return false;
  const { m, k, n } = matmulSizes(out, a, layout);
  if (out.size * k < WORTH) return false;

  const columns = Math.ceil(n / COLUMNS) * COLUMNS;
  const left = runtime.operand(a);
  const right = runtime.operand(b);
  const panels = runtime.reserve(k * columns);
  const product = runtime.reserve(m * columns);
  const [aRow, aColumn] = layout.transposeA ? [1, m] : [k, 1];
  const [bRow, bColumn] = layout.transposeB ? [1, k] : [n, 1];
  eachProduct(out, [a, b], (at, aAt, bAt) => {
    runtime.run(packPanels, right + bAt * FLOAT, panels, k, n, bRow * FLOAT, bColumn * FLOAT);
    const from = left + aAt * FLOAT;
    runtime.run(
      multiplyPanels,
      from,
      panels,
      product,
      m,
      k,
      n,
      aRow * FLOAT,
      aColumn * FLOAT,
      columns * FLOAT,
    );
    const c = out.data.subarray(at * m * n, (at + 1) * m * n);
    for (let i = 0; i < m; i++) c.set(runtime.memory.floats(product + i * columns * FLOAT, n), i * n);
  });
  return true;
}

/** The matrix product, all four transposes and batches. */
export const fastMatmul: FastKernel = { op: 'matmul', run };
