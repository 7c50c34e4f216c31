import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { readDocument } from '../../docs/read/document.js';
import { numbersIn } from '../../src/page/shared/document.js';
import { describeInBrowser, PATIENCE } from './browser.js';
import { goTo, hashOf, ready, settled } from './tab.js';

const { sections } = readDocument(
  readFileSync(join(import.meta.dirname, '../../docs/reparameterization.md'), 'utf8'),
);
const snippets = sections.flatMap(({ blocks }) =>
  blocks.flatMap((block) => (block.kind === 'snippet' ? [block.snippet] : [])),
);
const numbersOf = (printed: string): number => printed.split('\n').flatMap((line) => numbersIn(line)).length;

const MODEL = '#/read?count=256&at=3';

/** The live view. */
const live = (tab: Page) => tab.frameLocator('.dock iframe');

/** Opens the text, with every output in sight. */
async function opened(open: (hash: string) => Promise<Page>): Promise<Page> {
  const tab = await open(MODEL);
  await settled(tab);
  await tab.evaluate(`for (const button of document.querySelectorAll('.snippet > button')) button.click()`);
  return tab;
}

const snippet = (tab: Page, index: number) => tab.locator(`[data-snippet="${index}"]`);

/** The snippet that prints a line that begins so. */
const printing = (start: string): number =>
  snippets.find(({ printed }) => printed?.split('\n').some((line) => line.startsWith(start)))?.index ?? -1;

/** The address of the live view, in part. */
const isAt = (tab: Page, part: string) =>
  expect.poll(() => tab.frames()[1]?.url() ?? '', { timeout: PATIENCE }).toContain(part);

const scrollTo = (tab: Page, id: string) => tab.evaluate(`document.getElementById('${id}').scrollIntoView()`);

describeInBrowser('the view Read', ({ open }) => {
  it('has every number of the text again when its snippets run in the page, and others for other values', async () => {
    const tab = await opened(open);
    let count = 0;
    for (const { index, printed } of snippets) {
      if (printed === null) continue;
      const all = numbersOf(printed);
      await snippet(tab, index).getByRole('button', { name: 'Run it here' }).click();
      const status = snippet(tab, index).locator('.output [role=status]').getByText('Run here');
      expect(await status.innerText({ timeout: 3 * PATIENCE }), printed).toBe(
        `Run here: all ${all} numbers as printed.`,
      );
      expect((await snippet(tab, index).locator('pre').last().innerText()).trimEnd()).toBe(printed);
      expect(await snippet(tab, index).locator('.number').count()).toBe(all);
      count += all;
    }
    console.log(`${count} numbers of the text were computed again in the page`);

    const graph = snippet(tab, printing('%0 mean'));
    const epsilon = graph.getByLabel('epsilon, in the code');
    await epsilon.fill('0');
    await epsilon.press('Enter');
    const after = snippet(tab, printing('dloss/dlogvar')).locator('.output pre');
    await after.getByText(/dloss\/dlogvar = 0\.000000/).waitFor();
    expect(await graph.locator('.number.moved').count()).toBeGreaterThan(3);
    await graph.getByRole('button', { name: 'Put the numbers back' }).click();
    await after.getByText('dloss/dlogvar = -0.971708').waitFor();
    expect(await epsilon.inputValue()).toBe('1.5');
    await epsilon.fill('much');
    await epsilon.press('Enter');
    expect(await epsilon.getAttribute('aria-invalid')).toBe('true');

    const draws = snippet(tab, printing('10 draws:'));
    const seed = draws.getByLabel('the seed, in the code');
    await seed.fill('-1');
    await seed.press('Enter');
    await draws.locator('.failed').getByText(/seed/).waitFor();
    await seed.fill('2');
    await seed.press('Enter');
    await draws.getByText('Live, with your numbers.').waitFor();
    expect(await draws.locator('.failed').count()).toBe(0);
  }, 300_000);

  it('leads from a number to where the live view has it, the same to all digits printed, and judges predictions by it', async () => {
    const tab = await opened(open);
    const linked = tab.locator('a.number');
    const count = await linked.count();
    expect(count).toBe(snippets.flatMap(({ links }) => links.flatMap(({ shown }) => shown)).length);
    for (let k = 0; k < count; k++) {
      const text = await linked.nth(k).innerText();
      await linked.nth(k).click();
      const told = tab.locator('.told').getByText(`Text ${text}, live`);
      expect(await told.innerText({ timeout: 3 * PATIENCE })).toMatch(/: the same\.$/);
      expect(await live(tab).locator('.pointed').count()).toBe(1);
    }
    console.log(`${count} numbers of the text were found in the live view`);

    const right: Readonly<Record<string, string>> = {
      'How many draws': 'more than ten thousand',
      'Take epsilon as 0': 'what reached it before',
      'Set epsilon to 0': 'nothing',
      'Which beta': '784',
    };
    for (const [question, answer] of Object.entries(right)) {
      const asked = tab.locator('.prediction').filter({ hasText: question });
      const answers = (await asked.locator('label').allInnerTexts()).map((text) => text.trim());
      await asked
        .getByRole('radio')
        .nth(answers.findIndex((text) => text !== answer))
        .check();
      await asked.getByText('Not as predicted.').waitFor({ timeout: 3 * PATIENCE });
      expect((await asked.locator('label.right').innerText()).trim()).toBe(answer);
      expect(await asked.locator('[data-live]').innerText()).toMatch(/\d/);
    }
  }, 300_000);

  it('lets the live view follow the text, and keeps the place and the model of the person', async () => {
    const tab = await open(MODEL);
    await settled(tab);
    expect(await snippet(tab, printing('step 640')).locator('.output').count()).toBe(0);
    await scrollTo(tab, 'check-it');
    await isAt(tab, '/check?');
    await tab.waitForFunction("location.hash.includes('section=check-it')");
    expect(await hashOf(tab)).toContain('at=3');
    await tab.getByRole('link', { name: 'with epsilon not held' }).click();
    await isAt(tab, 'hold=no');
    await live(tab)
      .getByText('The check fails.')
      .waitFor({ timeout: 3 * PATIENCE });
    // A click may have scrolled the text: then the place is another section.
    const place = await hashOf(tab);
    const section = new URLSearchParams(place.split('?')[1]).get('section');
    const other = await open(place);
    await settled(other);
    const top = `document.getElementById('${section}').getBoundingClientRect().top`;
    await other.waitForFunction(`Math.abs(${top}) < innerHeight / 2`);
    await goTo(tab, '#/train?count=256&at=3');
    await ready(tab);
    expect(await tab.locator('.status').innerText()).toContain('step 3, ready');
    await goTo(tab, '#/read?text=nowhere&count=256&at=3');
    await tab.getByText("There is no text 'nowhere'.").waitFor();
    await tab.getByRole('heading', { name: 'Move the randomness aside' }).waitFor();
  });
});
