import { describe, expect, it } from 'vitest';
import * as control from '../../../src/tensor/memory/control.js';

describe('the control space', () => {
  it('keeps the parts of a job, the kernels and the message apart, one behind the other', () => {
    const words = [
      ...['JOB', 'DONE', 'KERNEL', 'PARTS', 'WIDTH', 'RANGES', 'ENDS', 'FAILED', 'READY', 'PATIENCE'],
    ].map((name) => Number(Reflect.get(control, name)));
    expect(new Set(words).size).toBe(words.length);
    expect(words).toEqual([...words].sort((a, b) => a - b));
    expect(control.FAILED).toBeGreaterThanOrEqual(control.ENDS + control.MAX_RANGES);
    expect(control.TICKETS).toBeGreaterThan(control.PATIENCE);
    expect(control.ARGUMENTS).toBe(control.TICKETS + control.MAX_RANGES * control.TICKET_STEP);
    expect(control.KERNELS).toBe(control.ARGUMENTS + control.MAX_PARTS * control.MAX_ARGUMENTS);
    const message = (control.MESSAGE_ADDRESS - control.ADDRESS) / 4;
    expect(message).toBe(control.KERNELS + 2 * control.MAX_KERNELS);
  });

  it('gives each word that threads look at all the time a cache line of its own', () => {
    const line = (word: number): number => Math.floor((control.ADDRESS + 4 * word) / 64);
    const lines = [control.JOB, control.DONE, control.KERNEL, control.FAILED, control.TICKETS].map(line);
    expect(new Set(lines).size).toBe(lines.length);
    expect(line(control.TICKETS)).toBeGreaterThan(line(control.PATIENCE));
    expect(4 * control.TICKET_STEP).toBe(64);
  });

  it('begins and ends at a cache line, leaves address 0 free, and holds it all', () => {
    expect(control.ADDRESS).toBe(64);
    expect((control.ADDRESS + control.BYTES) % 64).toBe(0);
    const end = control.MESSAGE_ADDRESS + control.MESSAGE_BYTES;
    expect(end).toBeLessThanOrEqual(control.ADDRESS + control.BYTES);
    expect(control.CODE_ADDRESS).toBe(control.ADDRESS + control.BYTES);
    expect(control.CODE_BYTES % 64).toBe(0);
  });
});
