import { describe, expect, it } from 'vitest';
import * as control from '../../../src/tensor/memory/control.js';

describe('the control space', () => {
  it('keeps the parts of a job, the kernels and the message apart, one behind the other', () => {
    const words = [
      ...['JOB', 'TICKET', 'DONE', 'KERNEL', 'PARTS', 'WIDTH', 'FAILED', 'READY', 'PATIENCE'],
    ].map((name) => Reflect.get(control, name));
    expect(words).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(control.ARGUMENTS).toBeGreaterThan(control.PATIENCE);
    expect(control.KERNELS).toBe(control.ARGUMENTS + control.MOST_PARTS * control.MOST_ARGUMENTS);
    const message = (control.MESSAGE_ADDRESS - control.ADDRESS) / 4;
    expect(message).toBe(control.KERNELS + 2 * control.MOST_KERNELS);
  });

  it('begins and ends at a cache line, leaves address 0 free, and holds it all', () => {
    expect(control.ADDRESS).toBe(64);
    expect((control.ADDRESS + control.BYTES) % 64).toBe(0);
    const end = control.MESSAGE_ADDRESS + control.MESSAGE_BYTES;
    expect(end).toBeLessThanOrEqual(control.ADDRESS + control.BYTES);
  });
});
