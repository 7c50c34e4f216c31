import { describe, expect, it } from 'vitest';
import * as control from '../../../src/tensor/memory/control.js';

describe('the control space', () => {
  it('keeps the parts of a job, the kernels and the message apart, one behind the other', () => {
    const words = [
      ...['JOB', 'TICKET', 'DONE', 'KERNEL', 'PARTS', 'WIDTH', 'FAILED', 'READY', 'PATIENCE'],
    ].map((name) => Number(Reflect.get(control, name)));
    expect(new Set(words).size).toBe(words.length);
    expect(words).toEqual([...words].sort((a, b) => a - b));
    expect(control.ARGUMENTS).toBeGreaterThan(control.PATIENCE);
    expect(control.KERNELS).toBe(control.ARGUMENTS + control.MOST_PARTS * control.MOST_ARGUMENTS);
    const message = (control.MESSAGE_ADDRESS - control.ADDRESS) / 4;
    expect(message).toBe(control.KERNELS + 2 * control.MOST_KERNELS);
  });

  it('gives each word that threads look at all the time a cache line of its own', () => {
    const line = (word: number): number => Math.floor((control.ADDRESS + 4 * word) / 64);
    const lines = [control.JOB, control.TICKET, control.DONE, control.KERNEL, control.FAILED].map(line);
    expect(new Set(lines).size).toBe(lines.length);
    expect(line(control.ARGUMENTS)).toBeGreaterThan(line(control.PATIENCE));
  });

  it('begins and ends at a cache line, leaves address 0 free, and holds it all', () => {
    expect(control.ADDRESS).toBe(64);
    expect((control.ADDRESS + control.BYTES) % 64).toBe(0);
    const end = control.MESSAGE_ADDRESS + control.MESSAGE_BYTES;
    expect(end).toBeLessThanOrEqual(control.ADDRESS + control.BYTES);
  });
});
