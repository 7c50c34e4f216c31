import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { parseAddress } from '../../src/page/state/address.js';
import { Session } from '../../src/page/worker/session.js';
import { advance } from './advance.js';
import { describeInBrowser } from './browser.js';
import { addressOf, figureOf, reached, ready, stepOf } from './tab.js';

/** Few digits and a small model: a step takes a millisecond. */
const SMALL = 'count=256&latent=2';

const lossOf = async (tab: Page): Promise<number> => Number(await figureOf(tab, 'loss'));

describeInBrowser('the page', ({ open }) => {
  it('trains by itself when it is opened, and its loss falls', async () => {
    const tab = await open(`#/train?${SMALL}`);
    await reached(tab, 40);
    await tab.getByRole('button', { name: 'Pause' }).click();
    await ready(tab);
    // The page may be many steps on before one can look: the loss of the first step is that of the same session here.
    const first = advance(new Session(parseAddress(`#/train?${SMALL}`).address.settings)).loss;
    expect(await lossOf(tab)).toBeLessThan(first * 0.8);
    expect(await addressOf(tab)).toBe(`#/train?count=256&at=${await stepOf(tab)}`);
  });

  it('does not fall behind the engine when it is slow, and shows at once that it is pausing', async () => {
    const tab = await open(`#/train?${SMALL}`);
    await reached(tab, 10);
    const seen = await tab.evaluate<{
      shown: number;
      frames: number;
      status: string;
    }>(`new Promise((done) => {
      const step = document.querySelector('.status b');
      let [shown, frames] = [0, 0];
      const observer = new MutationObserver(() => shown++);
      observer.observe(step, { subtree: true, characterData: true, childList: true });
      const until = performance.now() + 1500;
      while (performance.now() < until);
      const look = () => {
        if (++frames < 5) return requestAnimationFrame(look);
        observer.disconnect();
        [...document.querySelectorAll('.buttons button')].find(({ textContent }) => textContent === 'Pause').click();
        queueMicrotask(() => done({ shown, frames, status: document.querySelector('.status').textContent }));
      };
      requestAnimationFrame(look);
    })`);
    expect(seen.shown).toBeGreaterThan(0);
    expect(seen.shown).toBeLessThanOrEqual(seen.frames);
    expect(seen.status).toContain('pausing');
    await ready(tab);
  });

  it('shows another person the same numbers by its address', async () => {
    const one = await open(`#/train?${SMALL}&seed=3`);
    await reached(one, 10);
    await one.getByRole('button', { name: 'Pause' }).click();
    const address = await addressOf(one);
    const [steps, loss] = [await stepOf(one), await lossOf(one)];

    const other = await open(address);
    await ready(other);
    expect(await stepOf(other)).toBe(steps);
    expect(await lossOf(other)).toBe(loss);
    expect(await addressOf(other)).toBe(address);
  });
});
