import { afterEach, describe, expect, it, vi } from 'vitest';
import { summarize } from '../../../bench/report/statistics.js';
import type { Context, Measured } from '../../../bench/suite.js';

const context: Context = {
  quick: true,
  cores: 2,
  root: '/project',
  peers: [],
  images: null,
  ours: (part, settings, env = {}) => ({ file: 'node', args: [part, JSON.stringify(settings)], env }),
};

/** The suite as it is made where CHROMIUM says so. */
async function pageSuite(chromium: string) {
  vi.resetModules();
  vi.stubEnv('CHROMIUM', chromium);
  return (await import('../../../bench/suites/page.js')).page;
}

const measured = (name: string, row: string, values: Record<string, number>): Measured => ({
  who: { family: 'pathwise', name, threads: 1 },
  row,
  values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, summarize([value])])),
});

describe('the suite page', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is left out with a line that says why where there is no Chromium', async () => {
    const page = await pageSuite('/nowhere/chromium');
    expect(page.jobs(context)).toEqual([]);
    expect(page.report([])).toBe('  left out: no Chromium at /nowhere/chromium; set CHROMIUM to its path');
  });

  it('measures the page, and Node on as many threads', async () => {
    const page = await pageSuite(process.execPath);
    const jobs = page.jobs(context);
    expect(jobs.map(({ who }) => who.name)).toEqual(['page', 'Node', 'Node']);
    expect(jobs.map(({ command }) => command.env.PATHWISE_THREADS)).toEqual([undefined, '1', '2']);
  });

  it('sets each count of threads beside the same in Node', async () => {
    const page = await pageSuite(process.execPath);
    const values = { firstStep: 0.5, longest: 0.02, bytes: 2048 };
    const report = page.report([
      measured('page', '2', { rate: 80, ...values }),
      measured('page', '1', { rate: 30, ...values }),
      measured('Node', '1', { rate: 60 }),
      measured('Node', '2', { rate: 100 }),
    ]);
    expect(report).toMatch(/2 threads +80\.0 +100 +0\.800 +500 ms +20\.0 ms/);
    expect(report).toMatch(/1 thread +30\.0 +60\.0 +0\.500/);
    expect(report).toContain('each gzipped: 2.00 KiB');
  });
});
