import type { Pair } from '../../../../tensor/kernels/convolution.js';
import * as f32 from '../../assembler/f32.js';
import * as i32 from '../../assembler/i32.js';
import { advance, countUp, repeatWhile, when } from '../../assembler/index.js';
import * as v128 from '../../assembler/v128.js';
import { NANOSECONDS } from '../../costs.js';
import { kernelCode } from '../../kernel-code.js';
import type { Runtime } from '../../runtime.js';
import { FLOAT, REGISTER } from '../../sizes.js';

/** Zeros around an image. */
export interface Border {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Numbers in a row, and in a plane. */
export interface Planes {
  readonly pitch: number;
  readonly plane: number;
}

export const isBordered = ({ top, bottom, left, right }: Border): boolean =>
  Math.max(top, bottom, left, right) > 0;

/** Planes inside of their border. */
export function planesOf([height, width]: Pair, { top, bottom, left, right }: Border): Planes {
  const pitch = left + width + right;
  return { pitch, plane: pitch * (top + height + bottom) };
}

/** Copies planes of `bytes` a row into the middle of zeros. */
const paddedCode = kernelCode(
  'padded',
  8,
  ([from, to, planes, rows, bytes, inside, pitch, planeBytes], locals) => {
    const [end, row, stop, place, vectors, rest] = locals.array('i32', 6);
    return [
      vectors.set(i32.and(bytes, -REGISTER)),
      rest.set(i32.sub(bytes, vectors)),
      repeatWhile(
        i32.gt(planes, 0),
        end.set(i32.add(to, planeBytes)),
        place.set(to),
        countUp([place, i32.sub(end, REGISTER - 1), REGISTER], v128.store(place, v128.zero)),
        countUp([place, end, FLOAT], i32.store(place, i32.const(0))),
        place.set(i32.add(to, inside)),
        row.set(rows),
        repeatWhile(
          i32.gt(row, 0),
          stop.set(i32.add(from, vectors)),
          to.set(place),
          countUp([from, stop, REGISTER], v128.store(to, v128.load(from)), advance(to, REGISTER)),
          stop.set(i32.add(from, rest)),
          // The last vector begins within the one before.
          when(
            i32.and(i32.gt(rest, 0), i32.gt(vectors, 0)),
            v128.store(i32.add(to, i32.sub(rest, REGISTER)), v128.load(i32.sub(stop, REGISTER))),
            from.set(stop),
          ),
          countUp([from, stop, FLOAT], f32.store(to, f32.load(from)), advance(to, FLOAT)),
          advance(place, pitch),
          advance(row, -1),
        ),
        to.set(end),
        advance(planes, -1),
      ),
    ];
  },
);

/** The address of `count` planes in the middle of zeros, in scratch space; where there is no border, of those that are given. */
export function padded(runtime: Runtime, address: number, count: number, size: Pair, border: Border): number {
  if (!isBordered(border)) return address;
  const [height, width] = size;
  const { pitch, plane } = planesOf(size, border);
  const to = runtime.reserve(count * plane);
  const inside = (border.top * pitch + border.left) * FLOAT;
  const cost = count * plane * NANOSECONDS.copyRun;
  runtime.split(paddedCode, count, 1, cost, (kernel, start, end) =>
    kernel(
      address + start * height * width * FLOAT,
      to + start * plane * FLOAT,
      end - start,
      height,
      width * FLOAT,
      inside,
      pitch * FLOAT,
      plane * FLOAT,
    ),
  );
  return to;
}
