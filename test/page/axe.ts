import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds, as lines: the rule, and the elements that break it. */
export async function violations(tab: Page): Promise<string[]> {
  // The rules look into frames that have them.
  for (const frame of tab.frames()) {
    if (!(await frame.evaluate<boolean>("'axe' in window"))) await frame.evaluate(axe);
  }
  const found: Pick<AxeResults, 'violations'> = JSON.parse(
    await tab.evaluate<string>('axe.run().then((result) => JSON.stringify(result))'),
  );
  return found.violations.map(
    ({ id, help, nodes }) => `${id} (${help}): ${nodes.map(({ html }) => html).join(' ')}`,
  );
}

/** What makes the page wider than the window, as the beginnings of elements; none where it fits. */
export const beyond = (tab: Page): Promise<string[]> =>
  tab.evaluate<string[]>(`(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth,
    );
    return [scrollWidth + ' px wide', ...wide.map((element) => element.outerHTML.slice(0, 100))];
  })()`);
