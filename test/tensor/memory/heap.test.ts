import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Heap } from '../../../src/tensor/memory/heap.js';

const BASE = 64;
const LIMIT = 10_000;

describe('Heap', () => {
  it('hands out blocks that never overlap, and is whole again once all are given back', () => {
    const actions = fc.array(
      fc.oneof(fc.record({ take: fc.integer({ min: 1, max: 900 }) }), fc.record({ free: fc.nat(1000) })),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(actions, (list) => {
        const heap = new Heap(BASE);
        const held: { address: number; bytes: number }[] = [];
        for (const action of list) {
          if ('take' in action) {
            const address = heap.take(action.take, LIMIT);
            if (address === 0) continue;
            const end = address + action.take;
            expect(address).toBeGreaterThanOrEqual(BASE);
            expect(end).toBeLessThanOrEqual(LIMIT);
            expect(
              held.every((block) => end <= block.address || block.address + block.bytes <= address),
            ).toBe(true);
            held.push({ address, bytes: action.take });
          } else if (held.length > 0) {
            const [{ address, bytes }] = held.splice(action.free % held.length, 1);
            heap.release(address, bytes);
          }
          expect(heap.inUse).toBe(held.reduce((sum, { bytes }) => sum + bytes, 0));
        }
        for (const { address, bytes } of held) heap.release(address, bytes);
        expect(heap.inUse).toBe(0);
        expect(heap.top).toBe(BASE);
      }),
    );
  });

  it('uses a freed block again, and says 0 when nothing is left', () => {
    const heap = new Heap(BASE);
    const first = heap.take(4000, LIMIT);
    const second = heap.take(4000, LIMIT);
    expect(heap.take(4000, LIMIT)).toBe(0);
    heap.release(first, 4000);
    expect(heap.take(3000, LIMIT)).toBe(first);
    expect(heap.take(1000, LIMIT)).toBe(first + 3000);
    expect(heap.take(LIMIT - second - 4000, LIMIT)).toBe(second + 4000);
    expect(heap.take(1, LIMIT)).toBe(0);
  });
});
