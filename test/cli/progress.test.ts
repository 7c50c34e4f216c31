import { describe, expect, it } from 'vitest';
import { JsonReporter } from '../../src/cli/progress/json.js';
import type { StartInfo } from '../../src/cli/progress/reporter.js';
import { bar, TerminalReporter } from '../../src/cli/progress/terminal.js';
import { listenForInterrupt } from '../../src/cli/train/interrupt.js';
import { imageDataset } from '../../src/data/dataset.js';
import { drawGlyphs } from '../../src/data/glyphs/index.js';
import { formatNats, formatSeconds } from '../../src/tensor/format.js';
import { completeConfig } from '../../src/vae/index.js';
import { completeSettings } from '../../src/vae/training/options.js';

const start: StartInfo = {
  config: {
    pathwise: '0',
    command: '',
    preset: 'latent2',
    data: { source: 'glyphs', folder: null, seed: 0, train: null, test: null },
    image: { rows: 28, columns: 28 },
    model: completeConfig({ features: 784, hidden: [32], latent: 2 }),
    training: completeSettings({ train: imageDataset(drawGlyphs({ count: 1, seed: 0 })), epochs: 2 }),
  },
  dataTitle: '10 glyphs',
  trainExamples: 10,
  testExamples: 10,
  parameters: 1234,
  run: 'runs/x',
  epochsBefore: 0,
  stepsBefore: 0,
  stepsPerEpoch: 5,
  estimatedSeconds: 3,
};

const test = { loss: 3, reconstruction: 2, kl: 1, elbo: -3, klPerDimension: [1, 0], activeUnits: 1 };
const train = { loss: 4, reconstruction: 3, kl: 1 };

function collector(columns = 80) {
  const lines: string[] = [];
  return { lines, columns, write: (text: string) => lines.push(text) };
}

describe('formats', () => {
  it('times', () => {
    expect([0.04, 9.94, 59.4, 61, 3599, 7260].map(formatSeconds)).toEqual([
      '40.0 ms',
      '9.9 s',
      '59 s',
      '1 min 01 s',
      '59 min 59 s',
      '2 h 01 min',
    ]);
  });

  it('nats', () => expect([1.005, -0.001, -511.926].map(formatNats)).toEqual(['1.00', '0.00', '-511.93']));

  it('bars', () => {
    expect(bar(0, 4)).toBe('░░░░');
    expect(bar(0.5, 4)).toBe('██░░');
    expect(bar(0.53, 4)).toBe('██▏░');
    expect(bar(7, 4)).toBe('████');
  });
});

describe('TerminalReporter', () => {
  it('estimates the time left from the steps of this process', () => {
    const output = collector();
    let now = 0;
    const reporter = new TerminalReporter(output, () => now);
    reporter.start({ ...start, epochsBefore: 1, stepsBefore: 2 });
    now = 2000;
    reporter.step({ type: 'step', epoch: 2, step: 3, steps: 5, ...train });
    // 10 steps in all, 7 behind us when we began, one done in 2 s: two more take 4 s.
    expect(output.lines.at(-1)).toContain('epoch 2/2');
    expect(output.lines.at(-1)).toContain('4.0 s left');
    expect(output.lines.at(-1)?.replace('\r\u001b[2K', '').length).toBeLessThan(80);
  });

  it('says what a long run will take', () => {
    const said = (estimatedSeconds: number): string => {
      const output = collector();
      new TerminalReporter(output).start({ ...start, estimatedSeconds });
      return output.lines.join('');
    };
    expect(said(7260)).toContain('about 2 h 01 min on this machine');
    expect(said(59)).not.toContain('on this machine');
  });

  it('does not draw more often than the eye can follow', () => {
    const output = collector();
    let now = 0;
    const reporter = new TerminalReporter(output, () => now);
    reporter.start(start);
    const before = output.lines.length;
    for (let step = 1; step <= 4; step++) {
      now += 10;
      reporter.step({ type: 'step', epoch: 1, step, steps: 5, ...train });
    }
    expect(output.lines.length).toBe(before + 1);
  });

  it('prints one line an epoch, and where the report is', () => {
    const output = collector();
    const reporter = new TerminalReporter(output);
    reporter.start(start);
    reporter.epoch({ epoch: 1, seconds: 1.23, train, test });
    expect(output.lines.at(-1)?.trim().split(/\s+/).slice(-8)).toEqual([
      '1/2',
      '4.00',
      '3.00',
      '2.00',
      '1.00',
      '1/2',
      '1.2',
      's',
    ]);
    reporter.epoch({ epoch: 2, seconds: 1, train });
    expect(output.lines.at(-1)).toContain('-');
    reporter.end({ run: 'runs/x', report: 'runs/x/report.html', epochs: 2, seconds: 3 });
    expect(output.lines.at(-1)).toContain('The report: runs/x/report.html');
    reporter.interrupted({ run: 'runs/x', checkpoint: 'c', resume: 'pathwise train --resume runs/x' });
    expect(output.lines.at(-1)).toContain('Resume with: pathwise train --resume runs/x');
  });
});

describe('JsonReporter', () => {
  it('prints one object a line', () => {
    const output = collector();
    const reporter = new JsonReporter(output);
    reporter.start(start);
    reporter.step();
    reporter.epoch({ epoch: 1, seconds: 1, train, test });
    reporter.notice('drawing');
    reporter.end({ run: 'r', report: 'r/report.html', epochs: 1, seconds: 1 });
    const events = output.lines.map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event)).toEqual(['start', 'epoch', 'notice', 'end']);
    expect(events[0]).toMatchObject({
      run: 'runs/x',
      parameters: 1234,
      estimatedSeconds: 3,
      model: { latent: 2 },
      training: { epochs: 2 },
    });
    expect(events[1]).toEqual({ event: 'epoch', epoch: 1, seconds: 1, train, test });
    expect(output.lines.every((line) => line.endsWith('\n'))).toBe(true);
  });
});

describe('listenForInterrupt', () => {
  it('ends in order at the first signal, at once at a later one, and takes an echo of the first for the first', async () => {
    const before = process.listeners('SIGINT');
    let ended = 0;
    const interrupt = listenForInterrupt(() => {
      ended++;
    });
    const [added] = process.listeners('SIGINT').filter((listener) => !before.includes(listener));
    added('SIGINT');
    expect([interrupt.signal.aborted, ended]).toEqual([true, 0]);
    added('SIGINT');
    expect(ended).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 350));
    added('SIGINT');
    expect(ended).toBe(1);
    interrupt.dispose();
    expect(process.listeners('SIGINT')).toEqual(before);
  });
});
