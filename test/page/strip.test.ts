import { describe, expect, it } from 'vitest';
import { parseInk } from '../../src/page/shared/ink.js';
import { DEFAULTS } from '../../src/page/shared/settings.js';
import { everywhere, isHidden } from '../../src/page/state/address.js';
import { EXAMPLE, EXAMPLE_INK } from '../../src/page/views/train/example.js';
import { smallKlWords } from '../../src/page/views/train/small-kl.js';
import { inferCalls } from '../../src/page/worker/calls/infer.js';
import { Session } from '../../src/page/worker/session.js';
import { advance } from './advance.js';

const points = (kl: (at: number) => number, steps: number) =>
  Array.from({ length: steps }, (_, i) => ({ at: i + 1, loss: 1, reconstruction: 1, kl: kl(i + 1) }));

describe('the model that the page opens on', () => {
  const session = new Session(DEFAULTS);
  const lab = { session, emit: () => {} };

  it('has no plateau: its KL is above 2 nats from the tenth step to the hundredth', () => {
    const history = Array.from({ length: 100 }, () => advance(session));
    expect(Math.min(...history.slice(9).map(({ kl }) => kl))).toBeGreaterThan(2);
    expect(history[99].loss).toBeLessThan(history[9].loss - 40);
  });

  it('draws z = mean + sigma epsilon from the posterior of the example, the same draw at every step', () => {
    const image = { ink: EXAMPLE_INK };
    const draws = [0, 1, 0].map((draw) => inferCalls.trainDraw(lab, { image, draw }));
    for (const { mean, logvar, epsilon, z } of draws) {
      expect(Array.from(z)).toEqual(
        Array.from(mean, (center, i) => Math.fround(center + Math.exp(logvar[i] / 2) * epsilon[i])),
      );
    }
    expect(draws[2]).toEqual(draws[0]);
    expect(draws[1].epsilon).not.toEqual(draws[0].epsilon);
    expect(draws[1].decoded).not.toEqual(draws[0].decoded);
    advance(session);
    const next = inferCalls.trainDraw(lab, { image, draw: 0 });
    expect(next.epsilon).toEqual(draws[0].epsilon);
    expect(next.mean).not.toEqual(draws[0].mean);
  });

  it('has an example in the field that is the digit asked about', () => {
    expect(
      parseInk(EXAMPLE_INK)
        ?.flat()
        .map((x) => x.toFixed(2)),
    ).toEqual(EXAMPLE.flat().map((x) => (Math.round(x * 255) / 255).toFixed(2)));
    const { pixels, label } = inferCalls.trainDraw(lab, { image: { ink: EXAMPLE_INK }, draw: 0 });
    expect(label).toBeNull();
    expect(pixels.filter((value) => value > 128).length).toBeGreaterThan(40);
  });

  it('weighs the KL by the epoch where its weight is warmed up, in the other views too', () => {
    const warm = new Session({ ...DEFAULTS, count: 32, batchSize: 16, warmupEpochs: 4, beta: 2 });
    const weights = [0, 1, 2, 3, 4, 5].map(() => {
      const { beta } = warm;
      advance(warm);
      advance(warm);
      return beta;
    });
    expect(weights).toEqual([0, 0.5, 1, 1.5, 2, 2]);
  });
});

describe('the words about a small KL', () => {
  it('are said only where it has been small for twenty steps', () => {
    expect(
      smallKlWords(
        points(() => 0.01, 19),
        DEFAULTS,
      ),
    ).toBeNull();
    expect(
      smallKlWords(
        points(() => 3, 100),
        DEFAULTS,
      ),
    ).toBeNull();
    expect(
      smallKlWords(
        points((at) => (at < 80 ? 0 : 5), 100),
        DEFAULTS,
      ),
    ).toBeNull();
    expect(
      smallKlWords(
        points((at) => (at < 80 ? 5 : 0), 100),
        DEFAULTS,
      ),
    ).toContain('one average digit');
  });

  it('say why, and when to look again: always at a later step', () => {
    for (const [steps, next] of [
      [20, 100],
      [99, 100],
      [100, 200],
      [250, 500],
      [999, 1000],
      [1500, 2000],
    ]) {
      expect(
        smallKlWords(
          points(() => 0, steps),
          DEFAULTS,
        ),
      ).toContain(`Look again at step ${next}.`);
    }
    expect(
      smallKlWords(
        points(() => 0, 300),
        { beta: 20 },
      ),
    ).toContain('At β = 20 a code costs more');
    expect(
      smallKlWords(
        points(() => 0, 2000),
        DEFAULTS,
      ),
    ).toContain('It has collapsed');
  });
});

describe('what an address leaves out', () => {
  it('is named in it, and goes along to other views', () => {
    const params = { hide: 'settings,files', node: 'z' };
    expect(everywhere(params)).toEqual({ hide: 'settings,files' });
    expect(
      (['settings', 'files', 'experiments', 'curves'] as const).map((part) => isHidden(params, part)),
    ).toEqual([true, true, false, false]);
    expect(isHidden({ hide: 'everything' }, 'settings')).toBe(false);
  });
});
