import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { estimatorNames } from '../../../src/study/estimators/index.js';
import { describeInBrowser } from '../browser.js';
import { hashOf, ready } from '../tab.js';
import { comparisonOf, labAt } from './lab.js';

const SMALL = 'count=256&at=4';

/** Waits until so many draws are shown. */
async function drawn(tab: Page, count: number): Promise<void> {
  const figure = "Number(document.querySelector('[data-figure=draws]')?.dataset.done)";
  await tab.waitForFunction(`${figure} >= ${count}`);
}

const cellOf = (tab: Page, kind: 'draws' | 'bias', name: string): Promise<string> =>
  tab.locator(`[data-${kind}="${name}"]`).innerText();

describeInBrowser('the comparison of estimators', ({ open }) => {
  it('shows the numbers that the library computes in Node', async () => {
    const tab = await open(`#/estimators?${SMALL}&draws=256&group=mean&batch=4`);
    await drawn(tab, 256);
    const last = comparisonOf(labAt(4), 256, { batch: 4 }).parts.at(-1);
    const report = last?.phase === 'draws' ? last.report : undefined;
    expect(report?.samples).toBe(256);
    for (const name of estimatorNames) {
      const group = report?.estimators.find((one) => one.name === name)?.groups[0];
      const needed = group?.drawsForOne ?? Number.NaN;
      const text = needed < 10 ? needed.toPrecision(3) : Math.round(needed).toLocaleString('en');
      expect(await cellOf(tab, 'draws', name)).toBe(text);
      expect(await cellOf(tab, 'bias', name)).toBe(group?.biasInErrors.toFixed(1));
    }
    const score = report?.estimators.find(({ name }) => name === 'score')?.groups[0].drawsForOne;
    expect(score).toBeGreaterThan(20);
  });

  it('pauses and goes on, and keeps what is shown in the address', async () => {
    const tab = await open(`#/estimators?${SMALL}&draws=4096`);
    await drawn(tab, 1);
    await tab.getByRole('button', { name: 'Pause drawing' }).click();
    const goOn = tab.getByRole('button', { name: 'Go on drawing' });
    await goOn.waitFor();
    await tab.getByRole('checkbox', { name: /^score function The loss/ }).uncheck();
    expect(await tab.locator('[data-draws=score]').count()).toBe(0);
    expect(await tab.locator('[data-draws=pathwise]').count()).toBe(1);
    await tab.getByLabel('across').selectOption('logvar.1');
    await tab.waitForFunction("location.hash.includes('x=logvar.1')");
    expect(decodeURIComponent(await hashOf(tab))).toContain(
      'show=pathwise,pathwise-mc,sticking,score-baseline',
    );
    const labelOf = () => tab.getByRole('img', { name: /^Clouds:/ }).getAttribute('aria-label');
    expect(await labelOf()).toContain('dL/dlogvar 2 of example 1 against dL/dmean 2 of example 1');
    // What was on its way when it was paused still arrives.
    const doneOf = async () => Number(await tab.locator('[data-figure=draws]').getAttribute('data-done'));
    await expect
      .poll(async () => (await labelOf())?.includes(`pathwise: ${await doneOf()} points`))
      .toBe(true);
    const done = await doneOf();
    expect(done).toBeLessThan(4096);
    await goOn.click();
    await drawn(tab, done + 1);
  });

  it('compares anew when the model has moved on', async () => {
    const tab = await open(`#/estimators?${SMALL}&draws=256&batch=1`);
    await drawn(tab, 256);
    await tab.getByRole('button', { name: 'One step' }).click();
    await ready(tab);
    await tab.getByText(/Weights of step 5,/).waitFor();
    await drawn(tab, 256);
  });
});
