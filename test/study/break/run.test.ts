import { describe, expect, it } from 'vitest';
import {
  type BreakPart,
  breaking,
  MUTATIONS,
  type MutationName,
  runBreak,
} from '../../../src/study/break/index.js';
import { Trainer } from '../../../src/vae/training/index.js';
import { smallSubject } from './subject.js';

const OPTIONS = { steps: 240, every: 60, batchSize: 32, learningRate: 5e-3, pictures: 2 };
const reports = new Map(MUTATIONS.map((name) => [name, runBreak(name, smallSubject(), OPTIONS)]));
const end = (name: MutationName, run: 'right' | 'wrong') => {
  const point = reports.get(name)?.[run].curve.at(-1);
  if (point === undefined) throw new Error(`${name} has no ${run} curve`);
  return point;
};

describe('the right run', () => {
  it('is a training: the same losses, bit for bit, as a Trainer of that seed', () => {
    const { vae, train, ...others } = smallSubject({}, 3);
    const report = runBreak('detach-z', { vae, train, ...others }, { ...OPTIONS, steps: 20, seed: 3 });
    const trainer = new Trainer(vae, { train, epochs: 3, batchSize: 32, learningRate: 5e-3, seed: 3 });
    const losses: number[] = [];
    for (const event of trainer.run()) if (event.type === 'step') losses.push(event.loss);
    expect(losses).toHaveLength(24);
    expect(report.right.losses).toEqual(losses.slice(0, 20));
  });

  it('is the same beside every mutation', () => {
    for (const { right } of reports.values())
      expect(right.curve).toEqual(reports.get('drop-half')?.right.curve);
  });

  it('learns, and keeps what it knows in z', () => {
    const curve = reports.get('drop-half')?.right.curve ?? [];
    expect(curve.map(({ at }) => at)).toEqual([0, 60, 120, 180, 240]);
    expect(curve[4].loss).toBeLessThan(0.5 * curve[0].loss);
    expect(curve[4].kl).toBeGreaterThan(0.5);
  });
});

describe('the mutated run', () => {
  it('is the right one where nothing is mutated', () => {
    const { right, wrong, gradients } = runBreak(null, smallSubject(), { ...OPTIONS, steps: 30, every: 15 });
    expect(wrong).toEqual(right);
    expect(gradients.every(({ difference }) => difference === 0)).toBe(true);
  });

  it('drop-half: ends with posteriors that are too narrow, so with more KL', () => {
    expect(end('drop-half', 'wrong').kl).toBeGreaterThan(1.05 * end('drop-half', 'right').kl);
    expect(end('drop-half', 'wrong').loss).toBeGreaterThan(end('drop-half', 'right').loss);
  });

  it.each(['detach-z', 'prior-sample'] as const)('%s: gives up the latent', (name) => {
    expect(end(name, 'wrong').kl).toBeLessThan(0.05);
    expect(end(name, 'wrong').reconstruction).toBeGreaterThan(1.5 * end(name, 'right').reconstruction);
    // Every reconstruction is nearly the same picture.
    const { reconstructions, count } = reports.get(name)?.wrong.pictures ?? { reconstructions: [], count: 0 };
    expect(count).toBe(2);
    const half = reconstructions.length / 2;
    for (let i = 0; i < half; i++)
      expect(Math.abs(reconstructions[i] - reconstructions[half + i])).toBeLessThan(13);
  });

  it('variance-as-sigma: looks better to itself than it is', () => {
    const wrong = reports.get('variance-as-sigma')?.wrong;
    expect(end('variance-as-sigma', 'wrong').loss).toBeGreaterThan(
      1.1 * end('variance-as-sigma', 'right').loss,
    );
    const own = (wrong?.losses ?? []).slice(-20).reduce((sum, loss) => sum + loss / 20, 0);
    expect(own).toBeLessThan(0.9 * end('variance-as-sigma', 'wrong').loss);
  });

  it('kl-sign: its own loss falls without end, the right one explodes', () => {
    const losses = reports.get('kl-sign')?.wrong.losses ?? [];
    expect(losses.at(-1)).toBeLessThan(-100);
    expect(end('kl-sign', 'wrong').kl).toBeGreaterThan(20 * end('kl-sign', 'right').kl);
    const kls = reports.get('kl-sign')?.wrong.curve.map(({ kl }) => kl) ?? [];
    expect(kls).toEqual(kls.toSorted((a, b) => a - b));
  });

  it('epsilon-redrawn: trains as well as the right one, with other noise', () => {
    const [right, wrong] = [end('epsilon-redrawn', 'right'), end('epsilon-redrawn', 'wrong')];
    expect(wrong.loss).not.toBe(right.loss);
    expect(Math.abs(wrong.loss - right.loss)).toBeLessThan(0.1 * right.loss);
  });

  it('stops with a reason where something is no longer finite, while the right one goes on', () => {
    const { right, wrong } = runBreak('kl-sign', smallSubject({ hidden: [16, 16] }), {
      ...OPTIONS,
      learningRate: 1e16,
      steps: 40,
      every: 10,
    });
    expect(wrong.problem).toMatch(/^stopped after step 28: the loss is -Infinity.*'kl per dimension'/s);
    expect(wrong.losses).toHaveLength(28);
    expect([...wrong.losses, ...wrong.curve.map(({ loss }) => loss)].every(Number.isFinite)).toBe(true);
    expect(wrong.curve.map(({ at }) => at)).toEqual([0, 10, 20]);
    expect(right).toMatchObject({ problem: null });
    expect(right.losses).toHaveLength(40);
  });
});

describe('breaking', () => {
  it('hands out its parts one by one, and changes nothing of the subject', () => {
    const subject = smallSubject();
    const before = [...subject.vae.stateDict().values()].map(({ data }) => Array.from(data));
    const parts: BreakPart[] = [];
    for (const part of breaking('kl-sign', subject, { ...OPTIONS, steps: 2, every: 1 })) parts.push(part);
    const count = (kind: BreakPart['kind']) => parts.filter((part) => part.kind === kind).length;
    expect(parts[0].kind).toBe('gradients');
    expect([count('check'), count('step'), count('test'), count('pictures')]).toEqual([8, 4, 6, 6]);
    expect([...subject.vae.stateDict().values()].map(({ data }) => Array.from(data))).toEqual(before);
  });

  it('trains nothing when asked for no steps', () => {
    const { right } = runBreak('drop-half', smallSubject(), { steps: 0 });
    expect(right).toMatchObject({ losses: [], curve: [], pictures: null, problem: null });
    expect(right.checks).toHaveLength(4);
  });

  it('gives the same report twice', () => {
    const run = () => runBreak('epsilon-redrawn', smallSubject(), { ...OPTIONS, steps: 10, every: 5 });
    expect(run()).toEqual(run());
  });

  it('refuses options that make no sense', () => {
    const run = (options: object) => () => runBreak('detach-z', smallSubject(), options);
    expect(run({ steps: -1 })).toThrow('steps is -1');
    expect(run({ every: 0 })).toThrow('every is 0; it must be an integer of 1 or more');
    expect(run({ beta: Number.NaN })).toThrow('beta is NaN');
    expect(run({ learningRate: 0, steps: 1 })).toThrow('learningRate');
  });
});
