import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Kind } from '../kind.js';
import { Runs } from '../runs.js';
import { atSomeMoment, disturbed } from './disturbed.js';

/** SIGKILL at any moment. */
export const kill: Kind = {
  name: 'kill',
  doc: 'trainings killed and resumed: nothing lost, every bit the same',
  share: 12,
  async prepare(place) {
    const runs = await Runs.beside(place);
    return (one) =>
      disturbed(one, runs, one.draw(fc.integer({ min: 2, max: 8 })), (training) => ({
        options: atSomeMoment(one, training, (send) => send('SIGKILL')),
        check({ code, err }) {
          assert.equal(err, '');
          assert.ok(code === null || code === 0, `exit code ${code}`);
          return code === null;
        },
      }));
  },
};
