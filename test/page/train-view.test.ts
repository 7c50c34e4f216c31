import { buffer } from 'node:stream/consumers';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { drawGlyphs } from '../../src/data/glyphs/index.js';
import { encodeImages, encodeLabels } from '../../src/data/idx.js';
import { parseAddress } from '../../src/page/state/address.js';
import { inferCalls } from '../../src/page/worker/calls/infer.js';
import { Session } from '../../src/page/worker/session.js';
import { advance } from './advance.js';
import { describeInBrowser } from './browser.js';
import { figureOf, hashOf, notice, reached, ready, stepOf } from './tab.js';

const SMALL = 'preset=latent20&latent=2&count=256';

const field = (tab: Page, label: string) => tab.getByLabel(label, { exact: true });

/** A number of the card of the digit, by its name. */
const inferred = (tab: Page, name: string): Promise<string> =>
  tab.locator('.inference div', { hasText: name }).locator('dd').innerText();

/** The same session in Node. */
function sessionOf(hash: string): Session {
  const { settings, at } = parseAddress(hash).address;
  const session = new Session(settings);
  while (session.at < at) advance(session);
  return session;
}

async function draw(tab: Page, points: readonly (readonly [number, number])[]): Promise<void> {
  const pad = tab.locator('.pad');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (box === null) throw new Error('there is no field to draw in');
  const at = ([x, y]: readonly [number, number]): [number, number] => [
    box.x + x * box.width,
    box.y + y * box.height,
  ];
  await tab.mouse.move(...at(points[0]));
  await tab.mouse.down();
  for (const point of points.slice(1)) await tab.mouse.move(...at(point), { steps: 4 });
  await tab.mouse.up();
}

describeInBrowser('the view Train', ({ open }) => {
  it('shows what the library computes in Node', async () => {
    const hash = `#/train?${SMALL}&seed=2&at=4&digit=3`;
    const tab = await open(hash);
    await ready(tab);
    const session = sessionOf(hash);
    const replay = new Session(session.settings);
    let last = advance(replay);
    while (replay.at < 4) last = advance(replay);
    expect(await figureOf(tab, 'loss')).toBe(last.loss.toFixed(2));
    expect(await figureOf(tab, 'kl')).toBe(last.kl.toFixed(2));
    const lab = { session, emit: () => {} };
    const { terms, label, mean } = inferCalls.trainInfer(lab, { image: { test: 3 } });
    await tab.getByText(`x, a ${label}`).waitFor();
    expect(await inferred(tab, '−ELBO')).toBe((-terms.elbo).toFixed(2));
    expect(await inferred(tab, 'posterior of z₁')).toContain(mean[0].toFixed(2));
  });

  it('starts over with other settings, and refuses those that cannot be', async () => {
    const tab = await open(`#/train?${SMALL}&at=2`);
    await ready(tab);
    await field(tab, 'β, weight of the KL').fill('4');
    await field(tab, 'β, weight of the KL').press('Enter');
    await tab.waitForFunction("/step 0, ready/.test(document.querySelector('.status').textContent)");
    await expect.poll(() => hashOf(tab)).toContain('beta=4');
    await field(tab, 'Seed').fill('-1');
    await field(tab, 'Seed').press('Enter');
    await tab.getByText('Needs an integer of 0 or more.').waitFor();
    expect(await hashOf(tab)).not.toContain('seed');
    await tab.getByRole('button', { name: 'One step' }).click();
    await tab.waitForFunction("/step 1, ready/.test(document.querySelector('.status').textContent)");
    await expect.poll(() => hashOf(tab)).toContain('at=1');
  });

  it('has the rarer settings folded away, each in the address once it is unusual', async () => {
    const tab = await open(`#/train?${SMALL}&at=1`);
    await ready(tab);
    await tab.getByText('More settings').click();
    await field(tab, 'Hidden layers').fill('12,');
    await tab.getByText('Needs a list, each an integer from 1 to 4096, with commas between.').waitFor();
    await field(tab, 'Hidden layers').fill('12');
    await field(tab, 'Hidden layers').press('Enter');
    await expect.poll(() => hashOf(tab)).toContain('hidden=12');
    await field(tab, 'Binarized at each step').check();
    await expect.poll(() => hashOf(tab)).toContain('binarize=true');
    await field(tab, 'Longest gradient').fill('5');
    await field(tab, 'Longest gradient').press('Enter');
    await expect.poll(() => hashOf(tab)).toContain('clipNorm=5');
    expect(await field(tab, 'Sigma of the Gaussian').count()).toBe(0);
    await field(tab, 'Likelihood of a pixel').selectOption('gaussian');
    await expect.poll(() => hashOf(tab)).toContain('likelihood=gaussian');
    await field(tab, 'Sigma of the Gaussian').fill('0.5');
    await field(tab, 'Sigma of the Gaussian').press('Enter');
    await expect.poll(() => hashOf(tab)).toContain('sigma=0.5');
    await ready(tab);
    const { settings } = parseAddress(await hashOf(tab)).address;
    expect(settings).toMatchObject({ hidden: [12], binarize: true, clipNorm: 5, sigma: 0.5 });
  });

  it('takes a drawing, and its address shows another person the same numbers', async () => {
    const tab = await open(`#/train?${SMALL}&at=3`);
    await ready(tab);
    await draw(tab, [
      [0.3, 0.2],
      [0.7, 0.2],
      [0.45, 0.85],
    ]);
    await tab.getByText('x, yours').waitFor();
    await tab.waitForFunction("location.hash.includes('ink=')");
    const other = await open(await hashOf(tab));
    await ready(other);
    await other.getByText('x, yours').waitFor();
    for (const name of ['reconstruction', 'KL', '−ELBO', 'posterior of z₂']) {
      expect(await inferred(other, name), name).toBe(await inferred(tab, name));
    }
    await other.getByRole('button', { name: 'Next', exact: true }).press('Enter');
    await other.getByText(/^x, a \d$/).waitFor();
    await expect.poll(() => hashOf(other)).toContain('digit=1');
  });

  it('draws nothing with other buttons, and comes back to where it was scrolled', async () => {
    const tab = await open(`#/train?${SMALL}&at=2`);
    await ready(tab);
    const pad = tab.locator('.pad');
    await pad.click({ button: 'right', position: { x: 40, y: 40 } });
    await pad.click({ button: 'middle', position: { x: 60, y: 60 } });
    await tab.getByText('x, an example').waitFor();
    // By script: a click by the pointer would scroll to the tabs first.
    const show = (view: string) =>
      tab.evaluate(`document.querySelector('nav.tabs [href^="#/${view}"]').click()`);
    await tab.evaluate('scrollTo(0, 300)');
    await show('check');
    await tab.locator('nav [aria-current=page][href^="#/check"]').waitFor();
    await expect.poll(() => tab.evaluate('scrollY')).toBe(0);
    await show('train');
    await expect.poll(() => tab.evaluate('scrollY')).toBe(300);
    expect(await hashOf(tab)).not.toContain('ink=');
  });

  it('saves a run and goes on from the file', async () => {
    const tab = await open(`#/train?${SMALL}&seed=6&at=3`);
    await ready(tab);
    const [download] = await Promise.all([
      tab.waitForEvent('download'),
      tab.getByRole('button', { name: 'Save the run' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('glyphs-latent20-seed6-step3.safetensors');
    const saved = await buffer(await download.createReadStream());
    const other = await open(`#/train?${SMALL}&at=1`);
    await ready(other);
    await field(other, 'Add files, or drop them anywhere').setInputFiles({
      name: 'run.safetensors',
      mimeType: 'application/octet-stream',
      buffer: saved,
    });
    await other.waitForFunction("/step 3, ready/.test(document.querySelector('.status').textContent)");
    expect(await hashOf(other)).toBe(await hashOf(tab));
    for (const each of [tab, other]) {
      await each.getByRole('button', { name: 'One step' }).click();
      await each.waitForFunction("/step 4, ready/.test(document.querySelector('.status').textContent)");
    }
    expect(await figureOf(other, 'loss')).toBe(await figureOf(tab, 'loss'));
  });

  it("trains on a person's own files, and says what is wrong with a bad one", async () => {
    const tab = await open(`#/train?${SMALL}`);
    await reached(tab, 2);
    const files = field(tab, 'Add files, or drop them anywhere');
    const give = (name: string, bytes: Uint8Array): Promise<void> =>
      files.setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) });
    await give('holiday.jpg', Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4, 5, 6, 7, 8]));
    expect(await notice(tab, /holiday.jpg/)).toContain('expected the IDX magic number');
    const now = await stepOf(tab);
    await reached(tab, now + 2);
    const glyphs = drawGlyphs({ count: 60, seed: 8 });
    await give('images', encodeImages(glyphs));
    await notice(tab, /Add the IDX file of their labels/);
    await give('labels', encodeLabels(glyphs.labels));
    await notice(tab, /50 images to train on and 10 to test on/);
    await tab.waitForFunction("location.hash.includes('data=own')");
    await reached(tab, 1);
    await tab.getByRole('button', { name: 'Pause' }).click();
    await ready(tab);
    await tab.reload();
    await ready(tab);
    expect(await field(tab, 'Images').inputValue()).toBe('own');
    await field(tab, 'Images').selectOption('glyphs');
    await tab.waitForFunction("!location.hash.includes('data=own')");
    await field(tab, 'Images').selectOption('own');
    await tab.waitForFunction("location.hash.includes('data=own')");
    await ready(tab);
    const link = await open(await hashOf(tab));
    expect(await notice(link, /no link can carry/)).toContain('drawn digits');
  });
});
