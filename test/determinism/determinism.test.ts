import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TILES, tileName } from '../../src/device/wasm/kernels/matmul/tile.js';
import { serve } from '../browser/serve.js';
// The type of what is injected.
import type {} from '../browser/setup.js';
import { bundle, temporaryFolder } from './bundle.js';
import type { Report } from './training.js';

const MINUTES = 60_000;
const folder = temporaryFolder();
let program = '';
let expected: Report;

/** Runs the training in a process of its own, bundled into one file as an application would be. */
async function trained(
  environment: Readonly<Record<string, string>>,
  node = process.execPath,
): Promise<Report> {
  const { stdout, stderr } = await promisify(execFile)(node, [program], {
    env: { PATH: process.env.PATH, ...environment },
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

beforeAll(async () => {
  program = await bundle('node-main.ts', join(folder.path, 'training.mjs'), 'node');
  expected = await trained({ PATHWISE_BACKEND: 'plain' });
}, 5 * MINUTES);
afterAll(() => folder.remove());

describe('200 steps of training give the same bits', () => {
  it('as themselves: the losses are those of a model that learns', () => {
    expect(expected).toMatchObject({ backend: 'plain', threads: 1 });
    // Nats per example; a model that predicts nothing has 543 (784 log 2), and the Gaussian one far more.
    expect(expected.losses.bernoulli).toBeLessThan(300);
    expect(Object.keys(expected.digests)).toEqual(['bernoulli', 'gaussian']);
  });

  it('as it is by default, with the tile that is found fastest meanwhile', async () => {
    const report = await trained({});
    expect(report).toMatchObject({ backend: 'simd', digests: expected.digests });
  });

  const THREADS = [1, 2, 3, 8];
  const pairs = Array.from({ length: Math.max(TILES.length, THREADS.length) }, (_, i) => ({
    tile: tileName(TILES[i % TILES.length]),
    threads: THREADS[i % THREADS.length],
  }));
  it.each(pairs)(
    'with the tile $tile, on $threads threads',
    async ({ tile, threads }) => {
      const report = await trained({ PATHWISE_TILE: tile, PATHWISE_THREADS: `${threads}` });
      expect(report).toEqual({ ...expected, backend: 'simd', threads });
    },
    MINUTES,
  );

  it('in little memory', async () => {
    const report = await trained({ PATHWISE_THREADS: '1', PATHWISE_MEMORY: '24' });
    expect(report.digests).toEqual(expected.digests);
  });

  const otherNode = process.env.PATHWISE_OTHER_NODE;
  if (!otherNode) console.log('the test on another Node is skipped: set PATHWISE_OTHER_NODE to its path');
  it.skipIf(!otherNode)(
    'on another version of Node',
    async () => {
      const { stdout } = await promisify(execFile)(otherNode ?? '', ['--version']);
      expect(stdout.trim()).not.toBe(process.version);
      expect((await trained({}, otherNode)).digests).toEqual(expected.digests);
    },
    MINUTES,
  );

  const shared = inject('browser');
  it.skipIf(shared === null).each([
    { isolated: true, name: 'on threads' },
    { isolated: false, name: 'on one thread where memory cannot be shared' },
  ])(
    'in a worker of Chromium, $name',
    async ({ isolated }) => {
      const worker = await bundle('browser-worker.ts', join(folder.path, 'worker.js'), 'browser');
      const page = `<!doctype html><script type="module">
        const worker = new Worker('/worker.js', { type: 'module' });
        worker.onmessage = ({ data }) => { window.report = data; };
        worker.onerror = (event) => { window.report = { error: event.message }; };
      </script>`;
      const site = await serve({ '/index.html': page, '/worker.js': readFileSync(worker, 'utf8') }, isolated);
      const browser = await chromium.connect(shared?.endpoint ?? '');
      try {
        const tab = await browser.newPage();
        await tab.goto(`${site.url}/index.html`);
        await tab.waitForFunction('window.report', undefined, { timeout: MINUTES });
        const report: Report = JSON.parse(await tab.evaluate<string>('JSON.stringify(window.report)'));
        expect(report).toMatchObject({ backend: 'simd', digests: expected.digests });
        if (isolated) expect(report.threads).toBeGreaterThan(1);
        else expect(report.threads).toBe(1);
      } finally {
        await browser.close();
        await site.close();
      }
    },
    2 * MINUTES,
  );
});
