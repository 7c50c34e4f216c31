import { describe, expect, it } from 'vitest';
import * as control from '../../../src/tensor/memory/control.js';

describe('the control space', () => {
  it('keeps the parts of a job, the kernels, the message and the bells apart, one behind the other', () => {
    const words = [
      ...['JOB', 'DONE', 'KERNEL', 'PARTS', 'WIDTH', 'RANGES', 'ENDS', 'FAILED', 'STARTED', 'PATIENCE'],
    ].map((name) => Number(Reflect.get(control, name)));
    expect(new Set(words).size).toBe(words.length);
    expect(words).toEqual([...words].sort((a, b) => a - b));
    expect(control.FAILED).toBeGreaterThanOrEqual(control.ENDS + control.MAX_RANGES);
    expect(control.NEXT).toBeGreaterThan(control.PATIENCE);
    expect(control.STATES).toBe(control.NEXT + control.MAX_RANGES * control.STEP);
    expect(control.PART_STEP).toBe(1 + control.MAX_ARGUMENTS);
    expect(control.KERNELS).toBe(control.STATES + control.MAX_PARTS * control.PART_STEP);
    const message = (control.MESSAGE_ADDRESS - control.ADDRESS) / 4;
    expect(message).toBe(control.KERNELS + 2 * control.MAX_KERNELS);
    expect(control.BELLS).toBe(message + control.MESSAGE_BYTES / 4);
  });

  it('gives each word that threads look at all the time a cache line of its own', () => {
    const line = (word: number): number => Math.floor((control.ADDRESS + 4 * word) / 64);
    const { DONE, KERNEL, FAILED, NEXT, STATES, BELLS } = control;
    const lines = [DONE, KERNEL, FAILED, NEXT, STATES, BELLS].map(line);
    expect(new Set(lines).size).toBe(lines.length);
    expect(line(NEXT)).toBeGreaterThan(line(control.PATIENCE));
    for (const first of [NEXT, STATES, BELLS]) expect(line(first - 1)).toBeLessThan(line(first));
    expect(4 * control.STEP).toBe(64);
    expect((4 * control.PART_STEP) % 64).toBe(0);
  });

  it('tells who has a part apart, for as many workers as a memory can have', () => {
    const { FREE, CALLER, FINISHED, MAX_WORKERS } = control;
    // A worker has its number, from 1, and 1.
    expect([FREE, CALLER, MAX_WORKERS + 1, FINISHED]).toEqual([0, 1, 254, 255]);
  });

  it('begins and ends at a cache line, leaves address 0 free, and holds it all', () => {
    expect(control.ADDRESS).toBe(64);
    expect((control.ADDRESS + control.BYTES) % 64).toBe(0);
    const end = control.ADDRESS + 4 * (control.BELLS + (control.MAX_WORKERS + 1) * control.STEP);
    expect(end).toBeLessThanOrEqual(control.ADDRESS + control.BYTES);
    expect(control.CODE_ADDRESS).toBe(control.ADDRESS + control.BYTES);
    expect(control.CODE_BYTES % 64).toBe(0);
  });
});
