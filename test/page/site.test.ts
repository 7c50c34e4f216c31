import { expect, it } from 'vitest';
import { siteFiles, textPage } from '../../docs/site/site.js';
import { describeInBrowser } from './browser.js';
import { ready, stepOf } from './tab.js';

/** A small model: a step takes a millisecond. */
const SMALL = '#/train?count=256&hidden=16&at=2';

describeInBrowser('the site, on a server that sends no headers, in a folder of it', ({ open }) => {
  it('runs on threads once its service worker has taken over, without losing the address', async () => {
    const tab = await open(SMALL, { site: 'folder' });
    await tab.waitForFunction('crossOriginIsolated');
    await ready(tab);
    expect(await stepOf(tab)).toBe(2);
    const threads = await tab.evaluate<number>('navigator.hardwareConcurrency');
    await tab
      .locator('.status')
      .getByText(`${Math.min(threads, 8)} thread`)
      .waitFor();
    expect(
      await tab.evaluate<boolean>("performance.getEntriesByType('navigation')[0].type === 'reload'"),
    ).toBe(true);
    // The live view beside a text is a page in a frame: its threads need the headers too.
    await tab.goto(`${tab.url().split('#')[0]}#/read?count=256&hidden=16&at=2`);
    await expect
      .poll(
        () =>
          tab
            .frames()[1]
            ?.evaluate<boolean>('crossOriginIsolated')
            .catch(() => false),
        {
          timeout: 60_000,
        },
      )
      .toBe(true);
  });

  it('runs on one thread where service workers are refused', async () => {
    const tab = await open(SMALL, { site: 'folder', serviceWorkers: 'block' });
    await ready(tab);
    await tab.locator('.status').getByText('1 thread').waitFor();
    expect(await tab.evaluate<boolean>('crossOriginIsolated')).toBe(false);
    await tab.getByRole('button', { name: 'One step' }).click();
    await expect.poll(() => stepOf(tab)).toBe(3);
  });
});

it('refuses a page that it does not know how to start', () => {
  expect(() => siteFiles('<html></html>', {})).toThrow(/one module/);
});

it('makes a page of a text, with links to the page, to other texts and to pictures', () => {
  const page = textPage(
    '# A & B\n\n[walk](http://127.0.0.1:4733/#/step) [other](results.md#there) ![a](figures/a.svg)\n\n<!-- live [x] -->\n',
  );
  expect(page).toContain('<h1>A &amp; B</h1>');
  expect(page).toContain('href="../#/step"');
  expect(page).toContain('href="results.html#there"');
  expect(page).toContain('src="figures/a.svg"');
});
