import { describe, expect, it } from 'vitest';
import type { Context, Peer } from '../../../bench/suite.js';
import { contention } from '../../../bench/suites/contention.js';

const peer = (name: string, suites: readonly string[]): Peer => ({
  who: { family: name, name, threads: 1 },
  suites,
  command: (suite, settings) => ({ file: name, args: [suite, JSON.stringify(settings)], env: {} }),
});

const context: Context = {
  quick: true,
  cores: 2,
  root: '/project',
  peers: [peer('PyTorch', ['epoch', 'contention']), peer('tfjs', ['epoch'])],
  images: null,
  ours: (part, settings, env = {}) => ({ file: 'node', args: [part, JSON.stringify(settings)], env }),
};

describe('the suite contention', () => {
  it('trains ours on one thread and on all, and PyTorch, each beside as many busy processes as cores', () => {
    const jobs = contention.jobs(context);
    expect(jobs.map(({ who, command }) => [who.family, command.env.PATHWISE_THREADS, command.busy])).toEqual([
      ['pathwise', '1', 2],
      ['pathwise', '2', 2],
      ['PyTorch', undefined, 2],
    ]);
    // The same training, the one of the suite epoch.
    expect(jobs.map(({ command }) => command.args[0])).toEqual(['epoch', 'epoch', 'epoch']);
    expect(new Set(jobs.map(({ command }) => command.args[1])).size).toBe(1);
  });
});
