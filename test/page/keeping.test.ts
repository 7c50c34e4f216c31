import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { VIEWS } from '../../src/page/state/address.js';
import { describeInBrowser } from './browser.js';
import { addressOf, figureOf, goTo, hashOf, notice, ready, stepOf } from './tab.js';

const TINY = 'count=128&hidden=8&latent=3';

const press = (tab: Page, name: string | RegExp): Promise<void> =>
  tab.getByRole('button', { name, exact: typeof name === 'string' }).click();

/** Waits until the page stands still at a step. */
async function at(tab: Page, step: number): Promise<void> {
  await tab.waitForFunction(`/step ${step}, ready/.test(document.querySelector('.status').textContent)`);
}

/** Steps of the checkpoints in the browser, once there are as many as asked for. */
async function kept(tab: Page, count: number): Promise<unknown> {
  const look = `new Promise((resolve) => {
    const opening = indexedDB.open('pathwise', 1);
    opening.onupgradeneeded = () => opening.transaction.abort();
    opening.onerror = () => resolve([]);
    opening.onsuccess = () => {
      const all = opening.result.transaction('labels').objectStore('labels').getAll();
      all.onsuccess = () => {
        opening.result.close();
        resolve(all.result.map((label) => label.at));
      };
    };
  })`;
  const steps = async (): Promise<readonly number[]> => tab.evaluate(look);
  await expect.poll(async () => (await steps()).length, { timeout: 30_000 }).toBeGreaterThanOrEqual(count);
  return steps();
}

/** Drops a file on the page, made there by an expression, once for all views. */
const drop = (tab: Page, name: string, file: string): Promise<unknown> =>
  tab.evaluate(`(async () => {
    const dataTransfer = new DataTransfer();
    globalThis.made ??= {};
    made['${name}'] ??= await (${file});
    dataTransfer.items.add(made['${name}']);
    const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
    document.querySelector('main').dispatchEvent(event);
    if (!event.defaultPrevented) throw new Error('the browser would open the file');
  })()`);

/** Files that no page can take, by name: 20 bad ones and 5 long ones. */
function badFiles(): readonly (readonly [string, string])[] {
  const made = (name: string, content: string): readonly [string, string] => [
    name,
    `new File([${content}], '${name}')`,
  ];
  const gzipped = (name: string, content: string): readonly [string, string] => [
    name,
    `new Response(new Blob([${content}]).stream().pipeThrough(new CompressionStream('gzip'))).blob()
      .then((blob) => new File([blob], '${name}'))`,
  ];
  const idx = (...words: number[]): string =>
    `new Uint8Array([${words.flatMap((word) => [24, 16, 8, 0].map((bits) => (word >>> bits) & 255))}])`;
  const zeros = (mib: number): string => `...Array(${mib}).fill(new Blob([new Uint8Array(2 ** 20)]))`;
  return [
    made('b01', "''"),
    made('b02', "'hello, world'"),
    made('b03', "'<!doctype html><p>not found'"),
    made('b04', "'version https://git-lfs.github.com/spec/v1'"),
    made('b05', idx(0x803)),
    made('b06', idx(0x803, 10, 28, 28)),
    made('b07', idx(0x803, 1, 5000, 5000)),
    made('b08', idx(0x803, 0, 28, 28)),
    made('b09', idx(0x801, 10)),
    made('b10', idx(0xd03, 1, 1, 1)),
    made('b11', idx(0x803, 0xffffffff, 16000, 16000)),
    made('b12', `${idx(0x801, 2)}, '123'`),
    made('b13', "'PK\\x03\\x04', 'nothing of the kind'"),
    made('b14', 'new Uint8Array([0x1f, 0x8b, 8, 0, 1, 2, 3])'),
    gzipped('b15', "'hello'"),
    gzipped('b16', `${idx(0x803, 2, 5000, 5000)}, new Uint8Array(100)`),
    gzipped('b17', `${idx(0x801, 3)}, new Uint8Array(9)`),
    made('b18.safetensors', "'{}'"),
    made('b19.safetensors', "new Uint8Array([255, 255, 255, 255, 255, 255, 255, 127]), '{'"),
    made('b20.safetensors', `new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0]), '{}'`),
    made('l01', zeros(600)),
    made('l02', `${idx(0x803, 70_000, 28, 28)}, ${zeros(64)}`),
    made('l03.safetensors', zeros(64)),
    made('l04.zip', `'PK\\x03\\x04', ${zeros(64)}`),
    gzipped('l05', `${idx(0x803, 400_000, 28, 28)}, ${zeros(64)}`),
  ];
}

describeInBrowser('the page keeps a training', ({ open }) => {
  it('over a reload, Start over and Back, with the same numbers', async () => {
    // A tab of its own: in others checkpoints of other tests are kept.
    const tab = await open(`#/train?${TINY}&at=12`, { prepare: async () => undefined });
    await at(tab, 12);
    const loss = await figureOf(tab, 'loss');
    await press(tab, 'Start over');
    await at(tab, 0);
    expect(await kept(tab, 1)).toEqual([12]);
    await press(tab, 'Undo start over');
    await at(tab, 12);
    expect(await figureOf(tab, 'loss')).toBe(loss);
    await press(tab, 'One step');
    await at(tab, 13);
    const address = await addressOf(tab);
    await tab.evaluate("dispatchEvent(new Event('beforeunload'))");
    expect(await kept(tab, 2)).toEqual([12, 13]);
    await tab.reload();
    await at(tab, 13);
    expect(await hashOf(tab)).toBe(address);
    // A link to less goes on from the checkpoint before it.
    await goTo(tab, address.replace('at=13', 'at=12'));
    await at(tab, 12);
    expect(await figureOf(tab, 'loss')).toBe(loss);
    await tab.goBack();
    await at(tab, 13);
  });

  it('over a reload that loses the state of the history, and goes on training', async () => {
    const tab = await open(`#/train?${TINY}`, { prepare: async () => undefined });
    const training = "/[1-9]\\d*, training/.test(document.querySelector('.status').textContent)";
    await tab.waitForFunction(training);
    await tab.waitForFunction('/at=[1-9]/.test(location.hash)');
    const before = await stepOf(tab);
    // What Chromium does where the address changes while the page is being loaded again.
    await tab.evaluate("dispatchEvent(new Event('beforeunload'))");
    await tab.evaluate('history.replaceState(null, "", location.hash)');
    await tab.reload();
    await tab.waitForFunction(training);
    expect(await stepOf(tab)).toBeGreaterThanOrEqual(before);
  });

  it('where storage is denied says so in a line, and goes on', async () => {
    const prepare = (tab: Page): Promise<unknown> =>
      tab.route('**/assets/main-*.js', async (route) => {
        const response = await route.fetch();
        const denied = "indexedDB.open = () => { throw new DOMException('denied', 'SecurityError'); };";
        await route.fulfill({ response, body: `${denied}${await response.text()}` });
      });
    const tab = await open(`#/train?${TINY}&at=3`, { prepare });
    expect(await notice(tab, /keeps nothing for the page \(denied\)/)).toContain('Save the run');
    await at(tab, 3);
    await press(tab, 'Start over');
    await at(tab, 0);
    await press(tab, 'Undo start over');
    await at(tab, 3);
    expect(await tab.locator('.notice').count()).toBe(1);
  });

  it('is not stopped by two quick changes of a setting', async () => {
    const tab = await open(`#/train?${TINY}`);
    await tab.waitForFunction("/[1-9]\\d*, training/.test(document.querySelector('.status').textContent)");
    await tab.evaluate(
      "for (let i = 0; i < 2; i++) [...document.querySelectorAll('.buttons button')].find(({ textContent }) => textContent === 'Start over').click()",
    );
    await tab.waitForFunction("/[1-9]\\d*, training/.test(document.querySelector('.status').textContent)");
  });

  it.each(VIEWS)('through 20 bad files and 5 long ones dropped in the view %s', async (view) => {
    const tab = await open(`#/${view}?${TINY}&at=2`);
    await ready(tab);
    const step = await stepOf(tab);
    for (const [name, file] of badFiles()) {
      await drop(tab, name, file);
      expect(await notice(tab, new RegExp(name.split('.')[0]))).not.toMatch(/undefined|\[object/);
    }
    expect(await hashOf(tab)).toContain(`#/${view}`);
    // The view Read has no buttons for the training.
    await tab.locator('nav.tabs [href^="#/train"]').click();
    await press(tab, 'One step');
    await at(tab, step + 1);
  });
});
