import type { Program } from '../../../program/program.js';
import type { Tensor } from '../../../tensor/tensor.js';
import * as i32 from '../assembler/i32.js';
import type { Local } from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import { NANOSECONDS } from '../costs.js';
import type { FastKernel } from '../fast-kernel.js';
import { FLOAT, LINE } from '../sizes.js';
import { composed, costOf, type VectorPrimitive } from './program.js';
import { forVectors, runSegments, type Segment, type Store, segmentKernel } from './segments.js';
import { bound } from './vector-loop.js';

/** The update of one parameter: its tensors, all of one size, the gradient first and then what changes; and numbers. */
export interface UpdateRow {
  readonly tensors: readonly Tensor[];
  /** One object for rows that share their numbers. */
  readonly numbers: readonly number[];
}

/**
 * The kernel of an update in place: a program whose inputs are the tensors and numbers of a row, and whose outputs take the
 * places of the tensors after the gradient. All rows are one job, shared by threads wherever parameters begin and end.
 * @param tensors how many tensors a row has
 */
export function updateKernel(
  program: Program<VectorPrimitive>,
  tensors: number,
): FastKernel<undefined, readonly UpdateRow[], undefined> {
  const { name, inputs, outputs } = program;
  // Each row of the kernel's table: bytes, those done, the address of each tensor, the address of the numbers.
  const kernel = segmentKernel(
    name,
    tensors + 3,
    ([bytes, i, ...rest], locals, row) => {
      const addresses = rest.slice(0, tensors);
      const numbers = rest[tensors];
      const scalars = locals.array('v128', inputs - tensors);
      const at = (address: Local<'i32'>) => i32.add(address, i);
      const body = (store: Store) =>
        bound(locals, (bind) => {
          const loaded = addresses.map((address) => bind(v128.load(at(address))));
          const results = composed(program, bind, [...loaded, ...scalars]);
          return results.map((result, k) => store(at(addresses[k + 1]), result));
        });
      return [
        scalars.map((scalar, k) => scalar.set(v128.load32Splat(numbers, FLOAT * k))),
        forVectors(i, bytes, locals, body, (done) => i32.store(row, done, FLOAT)),
      ];
    },
    true,
  );
  const nanoseconds = costOf(program) + NANOSECONDS.moveInPlace * (tensors + outputs.length);
  return {
    name,
    run(runtime, rows) {
      const numbersAt = new Map<readonly number[], number>();
      const placed = rows.map(({ tensors: own, numbers }) => {
        const at = numbersAt.get(numbers) ?? runtime.put(Float32Array.from(numbers));
        numbersAt.set(numbers, at);
        const places = own.map((x) => runtime.operand(x));
        const row: Segment['row'] = (words, to, start, end) => {
          words[to] = FLOAT * (end - start);
          words[to + 1] = 0;
          for (let k = 0; k < places.length; k++) words[to + 2 + k] = places[k] + FLOAT * start;
          words[to + 2 + places.length] = at;
        };
        return { count: own[0].size, row, places };
      });
      runSegments(runtime, kernel, placed, LINE, nanoseconds);
      rows.forEach(({ tensors: own }, r) => {
        for (let k = 1; k < own.length; k++) runtime.finish(own[k], placed[r].places[k]);
      });
      return true;
    },
  };
}
