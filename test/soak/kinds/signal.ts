import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import fc from 'fast-check';
import { EXIT } from '../../../src/cli/errors.js';
import type { Kind } from '../kind.js';
import { eventsOf, isLeftOver, Runs } from '../runs.js';
import { atSomeMoment, disturbed } from './disturbed.js';

const anySignal = fc.constantFrom<NodeJS.Signals>('SIGINT', 'SIGTERM', 'SIGHUP');
/** Milliseconds until the second signal, if there is one. */
const anySecond = fc.option(fc.tuple(anySignal, fc.nat(1000)));

/** SIGINT, SIGTERM and SIGHUP at any moment, once or twice. */
export const signal: Kind = {
  name: 'signal',
  doc: 'trainings ended by SIGINT, SIGTERM and SIGHUP, also twice, and resumed',
  share: 8,
  async prepare(place) {
    const runs = await Runs.beside(place);
    return (one) =>
      disturbed(one, runs, one.draw(fc.integer({ min: 2, max: 6 })), (training) => {
        const [first, second] = [one.draw(anySignal), one.draw(anySecond)];
        return {
          options: atSomeMoment(one, training, (send) => {
            send(first);
            if (second !== null) setTimeout(() => send(second[0]), second[1]);
          }),
          async check({ code, out, err }, run) {
            assert.equal(err, '');
            const events = eventsOf(out).map(({ event }) => event);
            // Before the command listens, a signal ends it as it ends any process.
            if (code === null) assert.deepEqual(events, []);
            else assert.ok(code === EXIT.done || code === EXIT.interrupted, `exit code ${code}`);
            if (code === EXIT.done) assert.equal(events.at(-1), 'end');
            if (second === null && code === EXIT.interrupted) {
              assert.equal(events.at(-1), 'interrupted');
              assert.deepEqual((await readdir(run)).filter(isLeftOver), []);
            }
            return code !== EXIT.done;
          },
        };
      });
  },
};
