import { describe, expect, it } from 'vitest';
import { FreeList } from '../../../src/tensor/memory/free-list.js';

describe.each(['up', 'down'] as const)('what is free of memory that grows %s', (grows) => {
  it('is taken far from the end that grows, and neighbours are joined', () => {
    const free = new FreeList(grows);
    expect(free.take(64)).toBe(0);
    free.give(1024, 512);
    free.give(4096, 512);
    const [far, near] = grows === 'up' ? [1024, 4096] : [4096, 1024];
    expect(free.take(100)).toBe(far);
    expect(free.take(512)).toBe(near);
    free.give(far, 100);
    expect(free.take(512)).toBe(far);
    expect(free.take(1)).toBe(0);
  });

  it('is cut back where that end is free', () => {
    const free = new FreeList(grows);
    const end = grows === 'up' ? 2048 : 1024;
    expect(free.cutBack(end)).toBe(0);
    free.give(1024, 512);
    free.give(1536, 512);
    expect(free.cutBack(1536)).toBe(0);
    expect(free.cutBack(end)).toBe(1024);
    expect(free.take(1)).toBe(0);
  });
});
