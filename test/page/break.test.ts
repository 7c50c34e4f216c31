import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { DEFAULTS } from '../../src/page/shared/settings.js';
import { parseAddress, readParams } from '../../src/page/state/address.js';
import { breakSchema, gradientOf } from '../../src/page/views/break/params.js';
import { breakCalls } from '../../src/page/worker/calls/break.js';
import { Session } from '../../src/page/worker/session.js';
import { audit } from '../../src/study/audit/index.js';
import {
  type BreakReport,
  CHECKS,
  collect,
  type MutationName,
  mutations,
  mutationWords,
} from '../../src/study/break/index.js';
import { parseEpsilon } from '../../src/study/walk/epsilon-text.js';
import { formatNumber } from '../../src/tensor/format.js';
import { advance } from './advance.js';
import { describeInBrowser } from './browser.js';
import { goTo, hashOf, reached } from './tab.js';

const AT = 12;
const SMALL = `count=256&seed=3&at=${AT}`;

/** What the page must show, from the same call made here. */
function reportInNode(mutation: MutationName, steps: number): BreakReport {
  const session = new Session({ ...DEFAULTS, count: 256, seed: 3 });
  for (let i = 0; i < AT; i++) advance(session);
  const parts = [...breakCalls.breakRun({ session, emit: () => {} }, { mutation, steps })];
  return collect(parts.flatMap((part) => (part.kind === 'start' ? [] : [part])));
}

/** Waits until both runs are at their end. */
const done = (tab: Page) =>
  tab
    .locator('[data-runs=done]')
    .getByText(/of each run|no training/)
    .waitFor();

/** The checks of the wrong trick that the page shows as failing. */
async function failing(tab: Page): Promise<string[]> {
  const rows: [string, string, string][] = await tab.evaluate(
    `[...document.querySelectorAll('.verdicts tbody tr')].map((row) =>
      [row.dataset.check, row.cells[1].textContent, row.cells[2].textContent])`,
  );
  expect(rows.map(([check]) => check)).toEqual([...CHECKS]);
  for (const [, right] of rows) expect(right).toContain('passes');
  return rows.filter(([, , wrong]) => wrong.includes('fails')).map(([check]) => check);
}

describeInBrowser('the view break', ({ open }) => {
  it('shows for each mutation the checks that notice it, chosen by the keyboard too', async () => {
    const tab = await open(`#/break?${SMALL}&steps=0`);
    for (const [i, { name, title, seenBy }] of mutations.entries()) {
      if (i === 1) await tab.getByRole('radio', { name: mutations[0].title }).press('ArrowDown');
      else await tab.getByRole('radio', { name: title }).check();
      await tab.getByRole('heading', { name: title }).waitFor();
      await done(tab);
      await expect.poll(() => failing(tab)).toEqual(seenBy);
      expect(await tab.locator('.lines').innerText()).toContain(mutationWords[name].wrong);
      if (i > 0) await expect.poll(() => hashOf(tab)).toContain(`mutation=${name}`);
    }
  });

  it('shows the numbers of the library: messages, gradients, curves', async () => {
    const tab = await open(`#/break?${SMALL}&mutation=drop-half&steps=50`);
    const { gradients, wrong, right } = reportInNode('drop-half', 50);
    await done(tab);
    await tab.getByText('50 of 50 steps of each run').waitFor();
    const said = wrong.checks.find(({ check }) => check === 'gradient')?.message ?? '';
    expect(said).toMatch(/^gradcheck failed/);
    expect(await tab.locator('.message').first().innerText()).toBe(said);
    const shown: string[] = await tab.evaluate(
      `[...document.querySelector('[data-gradient="reconstruction logvar"]').cells].map((cell) => cell.textContent)`,
    );
    const pair = gradients.find(({ term, tensor }) => term === 'reconstruction' && tensor === 'logvar');
    expect(shown.slice(2)).toEqual([
      'times 2',
      ...[pair?.rightNorm, pair?.wrongNorm].map((norm) => formatNumber(norm ?? Number.NaN)),
    ]);
    const last = [right, wrong].map(({ curve }) => formatNumber(curve.at(-1)?.loss ?? Number.NaN));
    const label = await tab.getByRole('img', { name: /^Test loss/ }).getAttribute('aria-label');
    expect(label).toMatch(
      new RegExp(`right: from \\S+ at step 0 to ${last[0]} at step 50; wrong: .* to ${last[1]} at step 50`),
    );
    await tab.getByRole('img', { name: 'Wrong: drawn from the prior, the same z' }).waitFor();
  });

  it('takes everything from the address, and says what it cannot read', async () => {
    const tab = await open(`#/break?${SMALL}&steps=0&mutation=kl-sign&term=loss&tensor=logvar`);
    await done(tab);
    expect(await tab.getByRole('radio', { name: mutationWords['kl-sign'].title }).isChecked()).toBe(true);
    await tab.getByText('d loss / d logvar').waitFor();
    await tab.getByRole('button', { name: 'mean', exact: true }).click();
    await tab.getByText('d loss / d mean').waitFor();
    await expect.poll(() => hashOf(tab)).toContain('tensor=mean');
    await goTo(tab, `#/break?${SMALL}&steps=0&mutation=half`);
    await tab
      .getByRole('alert')
      .getByText(/mutation is 'half'; it must be 'drop-half', /)
      .waitFor();
  });

  it('lets the model train on meanwhile, and stops when asked to', async () => {
    const tab = await open(`#/break?${SMALL}&steps=1000`);
    await tab
      .locator('[data-runs=busy]')
      .getByText(/From step 12: [1-9]/)
      .waitFor();
    await tab.getByRole('button', { name: 'Train', exact: true }).click();
    await reached(tab, AT + 3);
    await tab.getByRole('button', { name: 'Stop', exact: true }).click();
    await tab
      .locator('[data-runs=done]')
      .getByText(/From step 12: \d+ of 1000/)
      .waitFor();
    expect(await tab.locator('[data-runs]').innerText()).toContain('From step 12');
  });
});

describe('the links of the auditor', () => {
  it('are addresses that the page can read', () => {
    const every = audit({
      likelihood: 'bernoulli',
      reconstruction: 'mean',
      reconstructionBatch: 'sum',
      batch: 2,
      half: false,
      deterministic: true,
      detached: true,
      grayscale: true,
      validationWeight: 0,
    });
    expect(every.warnings.length).toBeGreaterThan(6);
    for (const { link } of every.warnings) {
      const { address, problems } = parseAddress(link.page);
      expect(problems).toEqual([]);
      if (address.view === 'break') expect(readParams(breakSchema, address.params).problems).toEqual([]);
      if (address.params.epsilon !== undefined)
        expect(parseEpsilon(address.params.epsilon).base).toBe('zero');
    }
  });
});

describe('the parameters', () => {
  it('have a default for everything, the gradient that of the mutation, and name what cannot be read', () => {
    const read = (params: Record<string, string>) => readParams(breakSchema, params);
    const usual = read({});
    expect(usual).toEqual({
      values: { mutation: 'drop-half', steps: '200', term: null, tensor: null },
      problems: [],
    });
    expect(gradientOf(usual.values)).toEqual(['reconstruction', 'logvar']);
    expect(gradientOf(read({ mutation: 'kl-sign' }).values)).toEqual(['kl', 'mean']);
    expect(gradientOf(read({ mutation: 'kl-sign', term: 'loss' }).values)).toEqual(['loss', 'mean']);
    expect(read({ steps: '7', term: 'z' }).problems).toEqual([
      "steps is '7'; it must be '0', '50', '100', '200', '500' or '1000'",
      "term is 'z'; it must be 'reconstruction', 'kl' or 'loss', or 'none'",
    ]);
  });
});
