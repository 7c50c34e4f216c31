import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { VIEWS } from '../../src/page/state/address.js';
import { beyond, violations } from './axe.js';
import { describeInBrowser } from './browser.js';
import { goTo, ready, settled } from './tab.js';

/** A folder for pictures of every view, for a person to look at; none are made unless it is named. */
const SCREENSHOTS = process.env.PATHWISE_SCREENSHOTS;

/** What is looked at: each view as it opens, the walk on its way back, and at a convolution. */
const CONV = '&preset=conv2&channels=3,4&open=encoder.decoder&channel=1&input=1';
const STATES = [
  ...VIEWS.map((view) => [view, '']),
  ['step', '&node=logvar&phase=backward&trick=score'],
  ['step', `${CONV}&node=encoder.2`],
  ['step', `${CONV}&node=encoder.2.weight&phase=backward`],
];

describeInBrowser('each view', ({ open }) => {
  if (SCREENSHOTS !== undefined) mkdirSync(SCREENSHOTS, { recursive: true });

  it('is accessible and fits in light and dark, wide and narrow', async () => {
    const tab = await open(`#/${VIEWS[0]}?count=256&at=30`);
    for (const [view, params] of STATES) {
      // One engine for all: the page goes on to the next view as by its link.
      if (view !== VIEWS[0]) await goTo(tab, `#/${view}?count=256&at=30${params}`);
      await settled(tab);
      if (params.startsWith(CONV)) await tab.locator('.windows').waitFor();
      for (const width of [1440, 360]) {
        for (const scheme of ['light', 'dark'] as const) {
          await tab.setViewportSize({ width, height: 900 });
          await tab.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
          // What is drawn on canvases is drawn anew.
          await tab.waitForTimeout(200);
          const which = `${view}${params} ${width} ${scheme}`;
          if (SCREENSHOTS !== undefined) {
            const path = join(SCREENSHOTS, `${which.replaceAll(' ', '-')}.png`);
            await tab.screenshot({ path, fullPage: true });
          }
          expect(await beyond(tab), which).toEqual([]);
          // Each colour scheme and each layout once: the rules take their time.
          if ((width === 360) === (scheme === 'dark')) expect(await violations(tab), which).toEqual([]);
        }
      }
    }
  }, 600_000);

  it('would be found out: a button without a name, and a line wider than the window', async () => {
    const tab = await open('#/train?count=256&at=1', { width: 360 });
    await ready(tab);
    await tab.evaluate(`document.querySelector('main').insertAdjacentHTML('beforeend',
      '<button></button><p style="width: 500px">wide</p>')`);
    expect((await violations(tab)).join()).toContain('button-name');
    expect((await beyond(tab)).join()).toContain('>wide</p>');
  });
});
