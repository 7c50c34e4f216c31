import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { axesOf, elementAt } from '../../src/page/shared/walk.js';
import { parseAddress } from '../../src/page/state/address.js';
import { Session } from '../../src/page/worker/session.js';
import {
  chooseEpsilon,
  explain,
  FOLDABLE,
  ORIGINS,
  parseEpsilon,
  shownNodes,
  type Walk,
  walk,
} from '../../src/study/index.js';
import { formatFloat32 } from '../../src/tensor/format.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { advance } from './advance.js';
import { describeInBrowser } from './browser.js';
import { goTo, hashOf, ready } from './tab.js';

const MODEL = 'count=256&at=12&seed=3';
const PLACE = { example: 5, pixel: 300, dimension: 1, unit: 2, input: 3 };
const OPEN = `open=${FOLDABLE.join('.')}&example=5&pixel=300&dimension=1&unit=2&input=3`;

let session: Session;

/** The walk as Node has it, for the model and the step of the address. */
function walkInNode(epsilon = 'frozen'): Walk {
  const { x, epsilon: own } = session.trainer.peek();
  const { seed, beta } = session.settings;
  return walk(session.vae, x, chooseEpsilon(own, parseEpsilon(epsilon), seed), { beta });
}

beforeAll(() => {
  const { address } = parseAddress(`#/step?${MODEL}`);
  session = new Session(address.settings);
  while (session.at < address.at) advance(session);
});

/** The page opens its worker in sight, so that a test can ask the engine what the page asks it. */
async function inSight(tab: Page): Promise<void> {
  await tab.addInitScript(`
    const Plain = window.Worker;
    window.Worker = class extends Plain {
      constructor(...args) { super(...args); window.engine ??= this; }
    };
    window.askEngine = (name, args) => new Promise((resolve, reject) => {
      const id = -Math.ceil(Math.random() * 1e9);
      window.engine.addEventListener('message', function listen({ data }) {
        if (data.id !== id) return;
        window.engine.removeEventListener('message', listen);
        data.kind === 'error' ? reject(new Error(data.error.message)) : resolve(data.value);
      });
      window.engine.postMessage({ kind: 'call', id, name, args });
    });
    window.digest = async (array) => array === null ? null : Array.from(
      new Uint8Array(await crypto.subtle.digest('SHA-256', array.slice())), (b) => b.toString(16).padStart(2, '0')).join('');`);
}

/** Waits until what is shown answers what was chosen. */
async function settled(tab: Page): Promise<void> {
  await tab.locator('.step-view[aria-busy=false]').waitFor();
  await tab.locator('[data-value]').waitFor();
}

async function opened(
  open: (hash: string, options?: { prepare: (tab: Page) => Promise<void> }) => Promise<Page>,
  params = OPEN,
): Promise<Page> {
  const tab = await open(`#/step?${MODEL}&${params}`, {
    prepare: inSight,
  });
  await ready(tab);
  await settled(tab);
  return tab;
}

interface Shown {
  readonly node: string | null;
  readonly where: string;
  readonly value: string;
  readonly gradients: readonly string[];
}

/** What the page shows now: the node that is lit, and its numbers. */
const shown = async (tab: Page): Promise<Shown> =>
  JSON.parse(
    await tab.evaluate<string>(`JSON.stringify({
      node: document.querySelector('[aria-current=step]')?.getAttribute('data-node') ?? null,
      where: document.querySelector('.where').textContent,
      value: document.querySelector('[data-value]').textContent,
      gradients: [...document.querySelectorAll('[data-gradient]')].map((one) => one.textContent),
    })`),
  );

/** A number as the page writes it; 0 where no gradient arrives. */
const digits = (t: Tensor | null, element: readonly number[]): string =>
  t === null ? '0' : formatFloat32(t.at(...element)).replaceAll('-', '−');

/** The same from the library. */
function expected(found: Walk, phase: string, id: string): Pick<Shown, 'node' | 'value' | 'gradients'> {
  const node = found.nodes.get(id);
  if (node === undefined) throw new Error(`no node ${id}`);
  const { features, latent } = session.vae;
  const sizes = { batch: found.batch, features, outputs: features, latent };
  const axes = axesOf(node.shape, node.role === 'parameter' ? 'parameter' : 'value', sizes);
  const element = elementAt(node.shape, axes, PLACE);
  return {
    node: id,
    value: digits(node.value, element),
    gradients: phase === 'Forward' ? [] : ORIGINS.map((origin) => digits(node.gradient[origin], element)),
  };
}

const sha256 = (t: Tensor | null): string | null =>
  t && createHash('sha256').update(new Uint8Array(t.data.slice().buffer)).digest('hex');

/** Walks through all moments with the arrow keys, and back: what of each is not in the window, or not in the frame of the graph. */
const outOfSight = async (tab: Page): Promise<{ moments: number; missing: string[] }> =>
  JSON.parse(
    await tab.evaluate<string>(`(async () => {
      const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      const isIn = (part, box) => {
        const { top, bottom, left, right } = part.getBoundingClientRect();
        return top >= box.top - 1 && bottom <= box.bottom + 1 && left >= box.left - 1 && right <= box.right + 1;
      };
      const missing = [];
      let moments = 0;
      const look = () => {
        moments++;
        const where = document.querySelector('.where').textContent;
        const screen = { top: 0, left: 0, bottom: innerHeight, right: innerWidth };
        const frame = document.querySelector('.graph > .frame');
        const panel = document.querySelector('.panel');
        const parts = [
          ['.node.current', frame.getBoundingClientRect()],
          ['.edge.current .line:not(.far), .edge.current .on', frame.getBoundingClientRect()],
          ['.graph > .frame, .walk-columns .panel, .panel h3, .walk-bar button', screen],
        ];
        for (const [selector, box] of parts)
          for (const part of document.querySelectorAll(selector))
            if (!isIn(part, box)) missing.push(where + ': ' + part.outerHTML.slice(0, 80));
        if (document.querySelectorAll('.node.current').length !== 1 || panel.clientHeight < 120)
          missing.push(where + ': a panel of ' + panel.clientHeight);
        if (panel.scrollWidth > panel.clientWidth) missing.push(where + ': ' + panel.scrollWidth + ' wide');
      };
      for (const key of ['ArrowRight', 'ArrowLeft']) {
        for (let i = 0; i < 26; i++) {
          if (i > 0) dispatchEvent(new KeyboardEvent('keydown', { key }));
          await drawn();
          look();
        }
      }
      return JSON.stringify({ moments, missing });
    })()`),
  );

describeInBrowser('a convolution in the step view', ({ open }) => {
  it('shows the window of the element that is chosen by click or by keyboard, in the numbers of the walk', async () => {
    const tab = await open(
      '#/step?preset=conv2&channels=3,4&count=256&at=2&open=encoder&node=encoder.2&channel=1',
    );
    await ready(tab);
    const windows = tab.locator('.windows');
    await windows.getByText('products add up').waitFor();
    expect(await windows.locator('.taps').count()).toBe(3);
    expect(await windows.locator('.taps').nth(1).locator('td').count()).toBe(9);
    const picture = tab.locator('.pictures.image canvas').first();
    const box = await picture.boundingBox();
    await picture.click({ position: { x: (box?.width ?? 0) * 0.99, y: 1 } });
    await expect.poll(() => hashOf(tab)).toMatch(/row=0.*column=6|column=6.*row=0/);
    await windows.getByText('the filter lies on no pixel').waitFor();
    const channel = tab.getByLabel('channel', { exact: true });
    await channel.fill('3');
    await channel.press('Enter');
    await expect.poll(() => hashOf(tab)).toContain('channel=3');
    const value = await tab.locator('[data-value]').innerText();
    const total =
      / that is (\S+?)[.,]?(?: and|$| )/.exec(await windows.locator('p').first().innerText())?.[1] ?? '';
    const number = (text: string): number => Number(text.replace('−', '-'));
    expect(Math.max(0, number(total))).toBeCloseTo(number(value), 3);
    await windows.getByRole('button', { name: "Where the filter's gradient comes from" }).press('Enter');
    await tab.getByRole('heading', { name: 'Where it comes from' }).waitFor();
    await expect.poll(() => hashOf(tab)).toContain('node=encoder.2.weight');
    expect(await windows.locator('.heat-map').count()).toBe(4);
  });
});

describeInBrowser('the view Step through', ({ open }) => {
  it('shows at every node, forward and backward, the numbers that the library has in Node', async () => {
    const tab = await opened(open);
    const found = walkInNode();
    const forward = shownNodes(found, new Set(FOLDABLE)).map(({ node }) => node.id);
    const backward = found.backward.filter((id) => forward.includes(id));
    const moments = [...forward.map((id) => ['Forward', id]), ...backward.map((id) => ['Backward', id])];
    expect(moments.length).toBeGreaterThan(35);
    for (const [k, [phase, id]] of moments.entries()) {
      const now = await shown(tab);
      expect(now, id).toMatchObject(expected(found, phase, id));
      expect(now.where).toMatch(new RegExp(`^${phase} \\d+ of \\d+`));
      if (k === moments.length - 1) break;
      // With the mouse and with the keyboard in turn.
      if (k % 2 === 0) await tab.getByRole('button', { name: 'Next' }).click();
      else await tab.keyboard.press('ArrowRight');
      await tab.locator(`[data-node="${moments[k + 1][1]}"][aria-current=step]`).waitFor();
    }
    expect(await tab.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);
    await tab.keyboard.press('ArrowLeft');
    await tab.locator(`[data-node="${backward[backward.length - 2]}"][aria-current=step]`).waitFor();
    // As fast as keys can come, none is lost.
    await tab.evaluate(`for (let i = 0; i < ${moments.length - 2}; i++)
      dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft' }))`);
    await tab.locator('[data-node=x][aria-current=step]').waitFor();
    console.log(`${moments.length} nodes were stepped through and compared`);
  });

  it('has every number of every node, parameters too, bit for bit, whatever the noise', async () => {
    const tab = await opened(open);
    for (const epsilon of ['frozen', 'redrawn-2', 'zero', 'frozen_5-1_0.75']) {
      const found = walkInNode(epsilon);
      const digests: Record<string, (string | null)[]> = JSON.parse(
        await tab.evaluate<string>(`(async () => {
          const found = {};
          for (const id of ${JSON.stringify([...found.nodes.keys()])}) {
            const node = await askEngine('walkNode', { epsilon: '${epsilon}', trick: 'with', id });
            found[id] = await Promise.all([node.value, node.total, node.reconstruction, node.kl].map(digest));
          }
          return JSON.stringify(found);
        })()`),
      );
      expect(Object.keys(digests)).toHaveLength(found.nodes.size);
      for (const { id, value, gradient } of found.nodes.values()) {
        const own = [value, ...ORIGINS.map((origin) => gradient[origin])].map(sha256);
        expect(digests[id], `${id}, ${epsilon}`).toEqual(own);
      }
    }
    // Noise of another kind is other numbers: the comparison can fail.
    const z = (epsilon: string) => sha256(walkInNode(epsilon).nodes.get('z')?.value ?? null);
    expect(z('zero')).not.toBe(z('frozen'));
  });

  it('puts the numbers into the rule, and shows another person the same at the same address', async () => {
    const tab = await opened(open, 'example=5&dimension=1&node=logvar&phase=backward');
    const { chain } = explain(walkInNode(), 'logvar', [5, 1]);
    const numbers = chain?.numbers.match(/\d\.\d+/g) ?? [];
    const rule = await tab.locator('.rule').first().innerText();
    expect(numbers.length).toBeGreaterThan(4);
    for (const number of numbers) expect(rule).toContain(number);
    expect(rule).toMatch(/∂L\/∂logvar.*∂L\/∂z/s);
    await tab.locator('[data-node=sigma]').click();
    await tab.getByLabel('reconstruction R').check();
    await tab.getByRole('button', { name: 'Draw anew' }).click();
    await tab.getByLabel('example', { exact: true }).fill('9');
    await tab.keyboard.press('Enter');
    await tab.getByRole('button', { name: 'Draw anew (1)' }).click();
    await tab.getByRole('button', { name: 'Draw anew (2)' }).waitFor();
    await tab.waitForFunction("location.hash.includes('redrawn-2') && location.hash.includes('example=9')");
    await settled(tab);
    const [first, other] = [await shown(tab), await open(await hashOf(tab))];
    await settled(other);
    expect(await shown(other)).toEqual(first);
    expect(first.node).toBe('sigma');
    expect(await other.getByLabel('reconstruction R').isChecked()).toBe(true);
  });

  it('draws numbers as colours, 0 as the ground, and takes a click on one', async () => {
    const tab = await opened(open, '');
    const canvas = tab.locator('.heat-map canvas');
    await canvas.waitFor();
    const color = (pixel: number) =>
      tab.evaluate<string>(
        `[...document.querySelector('.heat-map canvas').getContext('2d').getImageData(${pixel % 28}, ${Math.floor(pixel / 28)}, 1, 1).data].join()`,
      );
    const pixels = walkInNode().nodes.get('x')?.value;
    if (pixels === undefined) throw new Error('no x');
    const brightest = pixels.data.indexOf(Math.max(...pixels.data.subarray(0, 784)));
    // The card's colour, and the accent's.
    expect([await color(0), await color(brightest)]).toEqual(['255,255,255,255', '28,95,184,255']);
    const inked = Number(await tab.getByLabel('pixel', { exact: true }).inputValue());
    expect(pixels.data[inked]).toBeGreaterThan(0.5);
    const size = ((await canvas.boundingBox())?.width ?? 0) / 28;
    const [x, y] = [brightest % 28, Math.floor(brightest / 28)].map((place) => (place + 0.5) * size);
    await canvas.click({ position: { x, y } });
    const text = formatFloat32(pixels.data[brightest]);
    await tab.waitForFunction(`document.querySelector('[data-value]').textContent === '${text}'`);
    const chosen = tab.getByLabel('pixel', { exact: true });
    expect(await chosen.inputValue()).toBe(String(brightest));
    // The keys move it, and stay on the moment; at the edge they stop.
    await tab.waitForFunction(`new URLSearchParams(location.hash).get('pixel') === '${brightest}'`);
    const moment = await hashOf(tab);
    await canvas.focus();
    for (const [key, pixel] of [
      ['ArrowDown', brightest + 28],
      ['ArrowRight', brightest + 29],
      ['ArrowUp', brightest + 1],
      ['ArrowLeft', brightest],
    ] as const) {
      await tab.keyboard.press(key);
      await tab.waitForFunction(`new URLSearchParams(location.hash).get('pixel') === '${pixel}'`);
    }
    expect(await hashOf(tab)).toBe(moment);
    for (let i = 0; i < 28; i++) await tab.keyboard.press('ArrowLeft');
    await tab.waitForFunction(
      `new URLSearchParams(location.hash).get('pixel') === '${brightest - (brightest % 28)}'`,
    );
  });

  it('takes noise set by hand, and says what an address with nonsense has', async () => {
    const tab = await opened(open, `${OPEN}&node=epsilon`);
    const field = tab.getByLabel('epsilon of example 5, dimension 1');
    await field.fill('1.5');
    await field.press('Enter');
    await tab.waitForFunction("document.querySelector('[data-value]').textContent === '1.5'");
    await tab.getByRole('button', { name: 'Zero' }).click();
    await tab.getByRole('button', { name: 'Take back' }).click();
    await tab.waitForFunction("document.querySelector('[data-value]').textContent === '0'");
    await goTo(tab, `#/step?${MODEL}&epsilon=cold`);
    await tab.getByText("there is no noise 'cold'").waitFor();
    await tab.getByRole('button', { name: 'Take the noise of the step' }).click();
    await settled(tab);
    expect(await tab.getByText("there is no noise 'cold'").count()).toBe(0);
  });

  it('has node, panel and arrows in the window at every moment, forward and back, at three sizes', async () => {
    const tab = await opened(open, '');
    for (const [width, height] of [
      [1440, 900],
      [1366, 657],
      [360, 740],
    ]) {
      await tab.setViewportSize({ width, height });
      await tab.locator(width < 760 ? '.walk-bar select' : '.walk-bar .picker').waitFor();
      expect(await outOfSight(tab), `${width} x ${height}`).toEqual({ moments: 52, missing: [] });
    }
    // The measure can fail.
    await tab.setViewportSize({ width: 360, height: 300 });
    expect((await outOfSight(tab)).missing.length).toBeGreaterThan(20);
    // The tab serves other tests.
    await tab.setViewportSize({ width: 1440, height: 900 });
  });

  it('is walked by keyboard alone: every node by Tab, and the focus stays where it makes sense', async () => {
    const tab = await opened(open, 'node=mean&phase=backward');
    const focused = () =>
      tab.evaluate<string>(`(() => {
      const { dataset, textContent, id } = document.activeElement;
      return dataset.node ?? (id || textContent);
    })()`);
    const nodes = await tab.locator('[data-node]').count();
    await tab.locator('.walk-bar button').last().focus();
    const seen: string[] = [];
    for (let i = 0; i < nodes; i++) {
      await tab.keyboard.press('Tab');
      seen.push(await focused());
    }
    const ids = [...walkInNode().nodes.keys()];
    expect(new Set(seen).size).toBe(14);
    expect(seen.filter((id) => ids.includes(id))).toEqual(seen);
    await tab.locator('[data-node=sigma]').focus();
    await tab.keyboard.press('Enter');
    await tab.locator('[data-node=sigma][aria-current=step]').waitFor();
    expect(await focused()).toBe('sigma');
    const next = tab.getByRole('button', { name: 'Next' });
    for (let i = 0; i < 4; i++) {
      await next.focus();
      await tab.keyboard.press('Enter');
    }
    await tab.waitForFunction("document.activeElement.textContent === '← Back'");
    expect(await next.isDisabled()).toBe(true);
    await goTo(tab, `#/step?${MODEL}&beta=x`);
    await tab.getByRole('button', { name: 'Dismiss' }).click();
    expect(await focused()).toBe('content');
  });

  it('shows in forced colours which tab is open and which button is pressed', async () => {
    const tab = await opened(open, '');
    await tab.emulateMedia({ forcedColors: 'active' });
    const colors = (selector: string) =>
      tab.evaluate<string[]>(`[...document.querySelectorAll('${selector}')].map((one) => {
        const style = getComputedStyle(one);
        return style.borderBottomColor + ' on ' + style.backgroundColor;
      })`);
    for (const [chosen, others] of [
      ['.tabs [aria-current=page]', '.tabs a:not([aria-current])'],
      ['.walk-bar [aria-pressed=true]', '.walk-bar [aria-pressed=false]'],
    ]) {
      const [own, rest] = [await colors(chosen), await colors(others)];
      expect([new Set(own).size, new Set(rest).size], chosen).toEqual([1, 1]);
      expect(own[0]).not.toBe(rest[0]);
    }
    await tab.emulateMedia({ forcedColors: 'none' });
  });

  it('cuts the arrows without the trick, and measures what the score function costs', async () => {
    const tab = await opened(open, 'node=mean&phase=backward');
    const gradient = async () => (await shown(tab)).gradients[1];
    expect(await gradient()).not.toBe('0');
    await tab.getByRole('button', { name: 'without the trick' }).click();
    await tab.locator('.stop').first().waitFor();
    expect(await gradient()).toBe('0');
    expect(await tab.locator('.stop').count()).toBe(2);
    expect(await tab.locator('[data-node=z].held').count()).toBe(1);
    await tab.getByRole('button', { name: 'score function' }).click();
    await tab.locator('[data-node=log-q]').waitFor();
    expect(await gradient()).not.toBe('0');
    await tab.locator('.price [data-draws="512"]').waitFor();
    const times = await tab.locator('.price tbody td:last-child').allInnerTexts();
    expect(times).toHaveLength(2);
    for (const text of times) expect(Number(text)).toBeGreaterThan(2);
  });

  it('stands still where it is opened while the model is trained, and follows a step', async () => {
    const tab = await open('#/train?count=256&latent=2');
    await tab.getByRole('button', { name: 'Pause' }).waitFor();
    await tab.getByRole('link', { name: 'Step through' }).click();
    await ready(tab);
    await settled(tab);
    const at = async () => Number(await tab.locator('[data-at]').getAttribute('data-at'));
    const before = await at();
    await tab.getByRole('button', { name: 'One step' }).click();
    await tab.locator(`[data-at="${before + 1}"]`).waitFor();
    expect(await at()).toBe(before + 1);
  });
});
