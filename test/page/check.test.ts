import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { DEFAULTS } from '../../src/page/shared/settings.js';
import { checkCalls } from '../../src/page/worker/calls/check.js';
import { Session } from '../../src/page/worker/session.js';
import type { Probe } from '../../src/study/probe/index.js';
import { formatNumber } from '../../src/tensor/format.js';
import { runThrough } from '../../src/tensor/run-through.js';
import { advance } from './advance.js';
import { describeInBrowser } from './browser.js';
import { hashOf, ready } from './tab.js';

const verdict = (tab: Page) => tab.locator('.verdict');

/** What the page must show, from the same calls made here. */
function probeInNode(steps: number, target: string, step = 1e-5, hold = true): Probe {
  const session = new Session({ ...DEFAULTS, count: 256, seed: 5 });
  for (let i = 0; i < steps; i++) advance(session);
  const lab = { session, emit: () => {} };
  return runThrough(checkCalls.checkProbe(lab, { target, term: 'loss', hold, element: null, step }));
}

/** The columns of numbers in the table: analytic and numeric. */
const numbersOf = (tab: Page): Promise<string[][]> =>
  tab.evaluate<string[][]>(`[...document.querySelectorAll('.elements tbody tr')]
    .map((row) => [...row.cells].slice(2, 4).map((cell) => cell.textContent))`);

describeInBrowser('the view check', ({ open }) => {
  it('passes, fails with epsilon not held or another step, and shows the numbers of the library', async () => {
    const tab = await open('#/check?count=256&seed=5&at=3');
    await verdict(tab).getByText('The check passes').waitFor();
    const expected = probeInNode(3, 'z');
    expect(expected.passed).toBe(true);
    expect(await verdict(tab).innerText()).toContain(expected.message);
    expect(await numbersOf(tab)).toEqual(
      expected.entries.map(({ analytic, numeric }) => [formatNumber(analytic, 6), formatNumber(numeric, 6)]),
    );

    await tab.getByRole('switch', { name: 'Hold epsilon' }).click();
    await verdict(tab).getByText('The check fails').waitFor();
    expect(await verdict(tab).innerText()).toMatch(/Epsilon is drawn anew at each evaluation/);
    await tab.getByRole('switch', { name: 'Hold epsilon' }).click();
    await verdict(tab).getByText('The check passes').waitFor();

    await tab.getByRole('slider', { name: /Step h/ }).press('Home');
    await verdict(tab)
      .getByText(/too short/)
      .waitFor();
    await expect.poll(() => hashOf(tab)).toContain('h=1e-12');
    await tab
      .getByRole('listitem')
      .getByText(/rounding, slope -[01]\./)
      .waitFor();

    await tab.getByRole('button', { name: 'logvar.bias' }).click();
    await verdict(tab)
      .getByText(/with respect to logvar\.bias/)
      .waitFor();
    await expect.poll(() => hashOf(tab)).toContain('target=logvar.bias');
  });

  it('is restored by its address, with what was drawn anew', async () => {
    const tab = await open('#/check?count=256&seed=5&at=2&target=sigma&h=0.001&hold=no&element=3');
    await ready(tab);
    const expected = probeInNode(2, 'sigma', 1e-3, false);
    await verdict(tab).getByText('The check fails').waitFor();
    expect(await verdict(tab).innerText()).toContain(expected.message);
    const shown = await numbersOf(tab);
    // The element of the address is looked at first.
    expect(shown.map(([analytic]) => analytic).sort()).toEqual(
      expected.entries.map(({ analytic }) => formatNumber(analytic, 6)).sort(),
    );
    await tab.locator('tr.selected').getByText('[1, 1]').waitFor();
    expect(await tab.getByRole('switch', { name: 'Hold epsilon' }).isChecked()).toBe(false);
  });

  it('says which target there is not', async () => {
    const tab = await open('#/check?count=256&at=1&target=zz');
    const told = tab.getByRole('alert').getByText(/no node or parameter 'zz'/);
    await told.waitFor();
    await tab.getByRole('button', { name: /^z / }).click();
    await verdict(tab).getByText('The check passes').waitFor();
    expect(await told.count()).toBe(0);
  });
});
