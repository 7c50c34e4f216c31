import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { parseAddress } from '../../src/page/state/address.js';
import { Session } from '../../src/page/worker/session.js';
import { formatNats } from '../../src/tensor/format.js';
import { advance } from './advance.js';
import { describeInBrowser } from './browser.js';
import { figureOf, goTo, hashOf, notice, reached, ready, stepOf } from './tab.js';

const SMALL = 'count=256';
/** Quick on the plain kernels too. */
const TINY = 'count=128&hidden=8&latent=3';
/** The worker's script, by the name that the build gives it. */
const WORKER = '**/assets/main-*.js';

/** Runs JavaScript in the engine's worker, as a fault there would. */
async function inWorker(tab: Page, script: string): Promise<void> {
  const [worker] = tab.workers();
  await worker.evaluate(script);
}

describeInBrowser('in trouble, the page', ({ open }) => {
  it('says that it has no threads where memory cannot be shared, and trains on one', async () => {
    const tab = await open(`#/train?${SMALL}`, { isolated: false });
    expect(await notice(tab, /memory cannot be shared/)).toContain('Cross-Origin-Opener-Policy');
    await reached(tab, 3);
    expect(await tab.locator('.status').innerText()).toContain('SIMD, 1 thread');
  });

  it.each([
    ['SIMD', { script: 'WebAssembly.validate = () => false' }, 'plain', /no WebAssembly SIMD/],
    ['WebAssembly', { script: 'delete globalThis.WebAssembly' }, 'plain', /no WebAssembly here/],
    [
      'its code, by a policy',
      { policy: "script-src 'self'" },
      'plain',
      /may not run here .WebAssembly.Module/,
    ],
    [
      'its memory',
      { script: "WebAssembly.Memory = class { constructor() { throw new TypeError('not given') } }" },
      'plain',
      /WebAssembly (may not run|gets no memory) here \(not given\)/,
    ],
    ['shared memory', { script: 'delete globalThis.SharedArrayBuffer' }, 'SIMD', /cannot be shared between/],
    [
      'shared memory of WebAssembly',
      {
        script: `const { Memory } = WebAssembly;
          WebAssembly.Memory = function (limits) {
            if (limits.shared) throw new TypeError('not given');
            return new Memory(limits);
          };`,
      },
      'SIMD',
      /cannot be shared between/,
    ],
    ['workers', { script: 'delete globalThis.Worker' }, 'SIMD', /worker threads are refused here \(Worker/],
    [
      'workers, by a policy',
      { policy: "worker-src 'none'; script-src 'self' 'wasm-unsafe-eval'" },
      'SIMD',
      /worker threads are refused here \(/,
    ],
  ] as const)('refused %s, says so and trains to the same numbers', async (_, refused, kind, reason) => {
    const prepare = (tab: Page): Promise<unknown> =>
      tab.route(WORKER, async (route) => {
        const response = await route.fetch();
        const script = 'script' in refused ? `${refused.script};` : '';
        const policy = 'policy' in refused ? { 'content-security-policy': refused.policy } : {};
        await route.fulfill({
          response,
          headers: { ...response.headers(), ...policy },
          body: `${script}${await response.text()}`,
        });
      });
    const tab = await open(`#/train?${TINY}&at=2`, { prepare, troubled: true });
    expect(await notice(tab, reason)).toContain('The numbers are the same, only slower.');
    await ready(tab);
    expect(await tab.locator('.status').innerText()).toContain(`${kind}, 1 thread`);
    const session = new Session(parseAddress(`#/train?${TINY}`).address.settings);
    advance(session);
    expect(await figureOf(tab, 'loss')).toBe(formatNats(advance(session).loss));
    expect(await tab.locator('.notice').count()).toBe(1);
  });

  it('tells that its worker was lost in training, and Restart takes it to where it was', async () => {
    const tab = await open(`#/train?${SMALL}`, { troubled: true });
    await reached(tab, 5);
    await inWorker(tab, "void setTimeout(() => { throw new Error('out of luck'); })");
    expect(await notice(tab, /worker was lost/)).toContain('out of luck');
    const lost = await stepOf(tab);
    await tab.getByRole('button', { name: 'Restart' }).click();
    await ready(tab);
    expect(await stepOf(tab)).toBe(lost);
  });

  it('tells that its worker cannot be loaded, and starts when it can', async () => {
    const prepare = (tab: Page): Promise<unknown> => tab.route(WORKER, (route) => route.abort());
    const tab = await open(`#/train?${SMALL}&at=4`, { prepare, troubled: true });
    await notice(tab, /worker was lost/);
    await tab.unroute(WORKER);
    await tab.getByRole('button', { name: 'Restart' }).click();
    await ready(tab);
    expect(await stepOf(tab)).toBe(4);
  });

  it('stops with a message where training leaves the numbers, and goes on with other settings', async () => {
    const tab = await open(`#/train?${SMALL}&lr=1e5`);
    expect(await notice(tab, /step/)).toMatch(/not finite|NaN|Infinity/i);
    await ready(tab);
    await goTo(tab, `#/train?${SMALL}&at=3`);
    await reached(tab, 3);
    await ready(tab);
    expect(await stepOf(tab)).toBe(3);
    expect(Number(await figureOf(tab, 'loss'))).toBeGreaterThan(0);
  });

  it('takes other settings while it trains', async () => {
    const tab = await open(`#/train?${SMALL}`);
    await reached(tab, 5);
    await goTo(tab, `#/train?${SMALL}&seed=1&at=3`);
    await tab.waitForFunction("/step 3, ready/.test(document.querySelector('.status').textContent)");
    await tab.getByRole('button', { name: 'Train' }).click();
    await reached(tab, 8);
    expect(await hashOf(tab)).toContain('seed=1');
  });

  it('says what it cannot read in an address, and shows what it can', async () => {
    const tab = await open(`#/train?${SMALL}&at=1&beta=many`);
    expect(await notice(tab, /beta/)).toContain("'many'");
    await ready(tab);
    expect(await hashOf(tab)).toBe('#/train?count=256&at=1');
  });
});
