import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { parseAddress } from '../../src/page/state/address.js';
import { walkCalls } from '../../src/page/worker/calls/walk.js';
import { Session } from '../../src/page/worker/session.js';
import { beyond, violations } from './axe.js';
import { describeInBrowser } from './browser.js';
import { goTo, hashOf, reached, ready, settled } from './tab.js';

const SIZES = [
  [1440, 900],
  [1366, 657],
  [1920, 1080],
  [360, 740],
] as const;

/** Few digits and a small model: a step takes a millisecond. */
const SMALL = 'count=256&hidden=16';

/** Whether a canvas shows something that is not black. */
const isPainted = (selector: string): string => `(() => {
  const canvas = document.querySelector('${selector}');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data.some((value, i) => i % 4 < 3 && value > 60);
})()`;

/** The bottom of an element, from the top of the window. */
const bottomOf = (tab: Page, selector: string): Promise<number> =>
  tab.evaluate<number>(`document.querySelector('${selector}').getBoundingClientRect().bottom`);

/** The texts of a built page, by what they name: those that load with it, and those that load when they are asked for. */
async function filesFrom(
  origin: string,
  entries: readonly string[],
  link: RegExp,
): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const pending = [...entries];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (files.has(path)) continue;
    const text = await (await fetch(new URL(path, origin))).text();
    files.set(path, text);
    for (const [, name, asset = `assets/${name}`] of text.matchAll(link)) pending.push(asset);
  }
  return files;
}

const gzipped = (files: ReadonlyMap<string, string>): number =>
  [...files.values()].reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);

describeInBrowser('the first view', ({ open }) => {
  it('has digit, plane, and what is painted in the window at every size', async () => {
    const tab = await open(`#/train?${SMALL}&at=30`);
    await settled(tab);
    for (const [width, height] of SIZES) {
      await tab.setViewportSize({ width, height });
      for (const canvas of ['.pad', '.codes canvas', '.painted canvas', '.samples canvas']) {
        await tab.waitForFunction(isPainted(canvas));
        expect(await bottomOf(tab, canvas), `${canvas} at ${width} x ${height}`).toBeLessThanOrEqual(height);
      }
      // From the sentence to the last button.
      if (width < 1000) continue;
      const high = await tab.evaluate<number>(`(() => {
        const topOf = document.querySelector('.strip-card').getBoundingClientRect().top;
        return document.querySelector('.strip').getBoundingClientRect().bottom - topOf;
      })()`);
      expect(high, `the strip at ${width} x ${height}`).toBeLessThanOrEqual(225);
    }
  });

  it('needs at most 120 KB, and everything 260 and 21 for rarer models, when gzipped', async () => {
    const tab = await open(`#/train?${SMALL}&at=1`);
    const { origin } = new URL(tab.url());
    const all = await filesFrom(origin, ['index.html'], /\b([\w-]+-[\w-]{8}\.(?:js|css))\b/g);
    // What index.html names, and the worker.
    const worker = [...all.keys()].filter((path) => path.startsWith('assets/main-'));
    const first = await filesFrom(
      origin,
      ['index.html', ...worker],
      /(?:from|import)\s*[`"']\.\/([\w-]+\.js)|(?:src|href)="\.\/(assets\/[\w-]+\.(?:js|css))/g,
    );
    expect(first.size).toBe(4);
    expect(gzipped(first)).toBeLessThan(120_000);
    // Convolutions and rarer parts of models have a file of their own, and one that others need too.
    const rare = [...all.keys()].filter((path) => path.startsWith('assets/rare-'));
    expect(rare.length).toBe(2);
    expect(gzipped(new Map(rare.map((path) => [path, all.get(path) ?? ''])))).toBeLessThan(21_000);
    for (const path of rare) all.delete(path);
    expect(gzipped(all)).toBeLessThan(260_000);
  });

  it('leads from each label to its node in the step view', async () => {
    const tab = await open(`#/train?${SMALL}&at=2`);
    await ready(tab);
    const links = await tab
      .locator('.strip a')
      .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
    const { settings } = parseAddress(links[0]).address;
    const lab = { session: new Session(settings), emit: () => {} };
    const walk = walkCalls.walkOpen(lab, {
      epsilon: 'frozen',
      trick: 'with',
      unfolded: [],
      position: { example: 0, pixel: null, dimension: 0, unit: 0, input: 0 },
    });
    const ids = walk.nodes.map(({ id }) => id);
    expect(links.map((link) => parseAddress(link).address.params.node)).toEqual([
      'x',
      'mean',
      'sigma',
      'z',
      'output',
      'reconstruction',
    ]);
    for (const link of links) {
      const { address, problems } = parseAddress(link);
      expect(problems).toEqual([]);
      expect(address).toMatchObject({ view: 'step', at: 2 });
      expect(ids).toContain(address.params.node);
    }
  });

  it('begins an experiment by its link: a goal, two things to watch, and the run before as a ghost', async () => {
    const tab = await open(`#/train?${SMALL}&at=20`);
    await settled(tab);
    const links = tab.getByRole('navigation', { name: 'Experiments' }).getByRole('link');
    const addresses = await links.evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
    expect(addresses.length).toBe(5);
    for (const address of addresses) {
      expect(parseAddress(address).problems).toEqual([]);
      expect(parseAddress(address).address.params.experiment).toMatch(/^[a-z-]+$/);
    }
    await links.getByText('Collapse').click();
    await tab.getByRole('region', { name: 'Experiment: Collapse: β 20' }).waitFor();
    expect(await tab.locator('.goal li').count()).toBe(2);
    expect(await tab.title()).toBe('Train: collapse · Pathwise');
    await reached(tab, 3);
    await tab.getByText('the run before').first().waitFor();
    await tab.getByRole('button', { name: 'Pause' }).click();
    await ready(tab);
    expect(parseAddress(await hashOf(tab)).address.settings.beta).toBe(20);
  });

  it('leaves out what the address hides, in the next view too', async () => {
    const tab = await open(`#/train?${SMALL}&at=1&hide=settings,files`);
    await settled(tab);
    await tab.getByRole('heading', { name: 'Latent space' }).waitFor();
    for (const name of ['Settings', 'Files']) {
      expect(await tab.getByRole('heading', { name, exact: true }).count(), name).toBe(0);
    }
    await tab.getByRole('link', { name: 'Check' }).click();
    await expect.poll(() => hashOf(tab)).toContain('hide=settings%2Cfiles');
  });

  it('is light or dark as the person says, and as the system says again', async () => {
    const tab = await open(`#/train?${SMALL}&at=1`);
    await ready(tab);
    // A tab of an earlier test may be told otherwise.
    await tab.emulateMedia({ colorScheme: 'light' });
    const ground = (): Promise<string> =>
      tab.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    const colours = tab.getByLabel('Colours');
    await colours.selectOption('dark');
    await expect.poll(ground).not.toBe(light);
    await tab.reload();
    await ready(tab);
    expect(await ground()).not.toBe(light);
    await colours.selectOption('automatic');
    await expect.poll(ground).toBe(light);
  });

  it('lets go of what it showed before', async () => {
    const tab = await open(`#/train?${SMALL}&at=2`);
    await settled(tab);
    // The elements of the strip as Preact has them at a moment, held weakly.
    const look = `(() => {
      const visit = (element) => {
        if (element === null || typeof element !== 'object') return;
        if (element.props?.class === 'strip') (globalThis.shown ??= new Map()).set(element.__v, new WeakRef(element));
        for (const child of element.__k ?? []) visit(child);
      };
      visit(document.getElementById('page').__k);
      return globalThis.shown.size;
    })()`;
    await expect
      .poll(
        async () => {
          await tab.getByRole('button', { name: 'One step' }).click();
          await settled(tab);
          return tab.evaluate(look);
        },
        { timeout: 30_000 },
      )
      .toBeGreaterThan(10);
    const session = await tab.context().newCDPSession(tab);
    await session.send('HeapProfiler.collectGarbage');
    expect(
      await tab.evaluate('[...shown.values()].filter((one) => one.deref() !== undefined).length'),
    ).toBeLessThanOrEqual(2);
  });

  it('copies a link to what is seen', async () => {
    const tab = await open(`#/train?${SMALL}&at=3&digit=4`);
    await ready(tab);
    await tab.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await tab.getByRole('button', { name: 'Copy link' }).click();
    await tab.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await tab.evaluate<string>('navigator.clipboard.readText()');
    expect(new URL(copied).hash).toBe(await hashOf(tab));
    expect(parseAddress(new URL(copied).hash).address).toMatchObject({ at: 3, params: { digit: '4' } });
  });

  it('is accessible and fits in its states, light and dark, wide and narrow', async () => {
    const tab = await open(`#/train?${SMALL}&at=5`);
    await settled(tab);
    const states = [
      'beta=20&at=40&experiment=collapse&digit=3',
      'latent=1&at=5',
      'latent=20&at=5&hide=settings,files',
      'at=5&x=9&z=nonsense',
    ];
    for (const [i, state] of states.entries()) {
      await goTo(tab, `#/train?${SMALL}&${state}`);
      await settled(tab);
      for (const summary of await tab.locator('main summary').all()) await summary.click();
      for (const [width, colorScheme] of [
        [1440, i % 2 === 0 ? 'dark' : 'light'],
        [360, i % 2 === 0 ? 'light' : 'dark'],
      ] as const) {
        await tab.setViewportSize({ width, height: 900 });
        await tab.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await tab.waitForTimeout(200);
        expect(await beyond(tab), `${state} ${width}`).toEqual([]);
        expect(await violations(tab), `${state} ${width} ${colorScheme}`).toEqual([]);
      }
    }
  });
});
