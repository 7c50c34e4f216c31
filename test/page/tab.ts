import type { Page } from 'playwright-core';

/** What the page says at its top: `step 12, training`, and the engine. */
const status = (tab: Page) => tab.locator('.status');

/** Waits until the engine stands still, with a model. */
export async function ready(tab: Page): Promise<void> {
  await tab.locator('main[data-status=ready]').waitFor();
}

/** Waits until the view shows all it has to show: the engine stands still, and nothing in it is marked as busy. */
export async function settled(tab: Page): Promise<void> {
  await ready(tab);
  const busy =
    "document.querySelector('main [aria-busy=true]') || /^Loading/.test(document.querySelector('main').innerText)";
  // Looked at twice: a view that has just been told of the model asks for more a moment later.
  for (let look = 0; look < 2; look++) {
    await tab.waitForTimeout(150);
    await tab.waitForFunction(`!(${busy})`);
  }
}

/** Gradient steps that the model has taken. */
export async function stepOf(tab: Page): Promise<number> {
  const text = await status(tab).innerText();
  const found = /step (\d+)/.exec(text);
  if (found === null) throw new Error(`the page does not say its step: '${text}'`);
  return Number(found[1]);
}

/** Waits until the model has taken at least `steps` gradient steps. */
export async function reached(tab: Page, steps: number): Promise<void> {
  const past = `Number(/step (\\d+)/.exec(document.querySelector('.status').textContent)[1]) >= ${steps}`;
  await tab.waitForFunction(past);
}

/** What the page tells in its messages, once there is one that fits. */
export async function notice(tab: Page, fits: RegExp): Promise<string> {
  const found = tab.getByRole('alert').getByText(fits).first();
  await found.waitFor();
  return found.innerText();
}

/** What the page keeps in its address. */
export const hashOf = (tab: Page): Promise<string> => tab.evaluate<string>('location.hash');

/** The address of what is seen, once it says the step of a model that stands still: it is written a moment later. */
export async function addressOf(tab: Page): Promise<string> {
  await ready(tab);
  const step = await stepOf(tab);
  await tab.waitForFunction(`new URLSearchParams(location.hash.split('?')[1]).get('at') === '${step}'`);
  return hashOf(tab);
}

/** A term of the objective at the last step, as the page shows it. */
export const figureOf = (tab: Page, name: 'loss' | 'reconstruction' | 'kl'): Promise<string> =>
  tab.locator(`[data-figure=${name}]`).innerText();

/** The view that an address names. */
export const viewOf = (hash: string): string => /^#\/(\w+)/.exec(hash)?.[1] ?? '';

/** Follows an address in the page that is open, as when a person changes it: the engine is kept. */
export async function goTo(tab: Page, hash: string): Promise<void> {
  await tab.evaluate(`new Promise((done) => {
    addEventListener('hashchange', () => requestAnimationFrame(done), { once: true });
    location.hash = ${JSON.stringify(hash)};
  })`);
  await tab.locator(`nav [aria-current=page][href^="#/${viewOf(hash)}"]`).waitFor();
}

/** Ends what goes on in the page and what was shown in it, before another test uses it: another view, no messages. */
export async function leave(tab: Page): Promise<void> {
  // A page that is being opened may begin to train by itself.
  const pause =
    "[...document.querySelectorAll('button')].find((button) => button.textContent === 'Pause')?.click()";
  await tab.waitForFunction(`${pause}, document.querySelector('main').dataset.status === 'ready'`);
  const view = viewOf(await hashOf(tab)) === 'train' ? 'step' : 'train';
  await tab.locator(`nav [href^="#/${view}"]`).click();
  await settled(tab);
  await tab.evaluate("for (const button of document.querySelectorAll('.notices button')) button.click()");
}
