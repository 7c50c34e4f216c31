import { expect, it } from 'vitest';
import { describeInBrowser } from './browser.js';
import { hashOf, reached, ready, stepOf } from './tab.js';

/** Few digits and a small model: a step takes a millisecond. */
const SMALL = 'count=256&latent=2';

describeInBrowser('the page', ({ open }) => {
  it('trains by itself when it is opened, and its loss falls', async () => {
    const tab = await open(`#/train?${SMALL}`);
    await reached(tab, 1);
    const lossOf = async () => Number(await tab.locator('[data-figure=loss]').innerText());
    const first = await lossOf();
    await reached(tab, 40);
    await tab.getByRole('button', { name: 'Pause' }).click();
    await ready(tab);
    expect(await lossOf()).toBeLessThan(first * 0.8);
    expect(await hashOf(tab)).toContain(`at=${await stepOf(tab)}`);
  });
});
