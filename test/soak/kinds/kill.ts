import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Kind } from '../kind.js';
import { Runs } from '../runs.js';
import { disturbed } from './disturbed.js';

/** SIGKILL at any moment. */
export const kill: Kind = {
  name: 'kill',
  doc: 'trainings killed and resumed: nothing lost, every bit the same',
  share: 12,
  async prepare(place) {
    const runs = await Runs.beside(place);
    return (one) =>
      disturbed(one, runs, one.draw(fc.integer({ min: 2, max: 8 })), ({ took }) => {
        const after = one.draw(fc.double({ min: 0, max: 1, noNaN: true })) * took;
        return {
          options: { onStart: (send) => setTimeout(() => send('SIGKILL'), after) },
          check({ code, err }) {
            assert.equal(err, '');
            assert.ok(code === null || code === 0, `exit code ${code}`);
            return code === null;
          },
        };
      });
  },
};
