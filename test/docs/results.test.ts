import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cards, type TrainingName } from '../../docs/results/cards.js';
import { commandOf, isMeasured, type Measurements, resultsPage } from '../../docs/results/page.js';
import { RESULTS, readMeasured } from '../../docs/results.js';

/** What a training could have left, the same for all. */
const measurementOf = (name: TrainingName, loss = 100) => ({
  command: commandOf(name),
  found: { loss, reconstruction: 80, kl: 20, activeUnits: 2 },
  seconds: 90,
  machine: 'a machine',
});

describe('docs/results.md', () => {
  it('is what was measured, by the commands that it shows', () => {
    const measured = readMeasured();
    expect(readFileSync(RESULTS, 'utf8')).toBe(resultsPage(measured));
    for (const name of Object.keys(measured)) {
      expect(isMeasured(measured, name as TrainingName), `${name} was measured by another command`).toBe(
        true,
      );
    }
    for (const [, path] of resultsPage(measured).matchAll(/!\[Samples of [^\]]+\]\(([^)]+)\)/g)) {
      expect(existsSync(join(RESULTS, '..', path)), path).toBe(true);
    }
  });

  it('says of each claim whether it holds, and leaves out what is not measured', () => {
    const of = (conv2: number): string => {
      const measured: Measurements = {
        conv2: measurementOf('conv2', conv2),
        dense2: measurementOf('dense2', 100),
      };
      return resultsPage(measured);
    };
    expect(of(98)).toContain('better by 1 nat or more. It holds.');
    expect(of(99.5)).toContain('better by 1 nat or more. **It does not hold.**');
    expect(of(98)).toContain('| convolutions: loss | 98.00 |');
    expect(of(98)).not.toContain(cards.latent20.title);
    const other = {
      latent20: { ...measurementOf('latent20'), command: 'pathwise train --data mnist --epochs 1' },
    };
    expect(resultsPage(other)).not.toContain(cards.latent20.title);
  });
});
