/** Measures the page in Chromium: `tsx main.ts SETTINGS`, settings as JSON; prints readings as JSON. */
import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page } from 'playwright-core';
import { buildPage } from '../../test/browser/build-page.js';
import { serve } from '../../test/browser/serve.js';
import type { Reading } from '../protocol.js';
import { longestTask, TRACED } from './trace.js';

export interface PageSettings {
  readonly executablePath: string;
  /** Threads of the page where it may share memory; without it has one. */
  readonly threads: number;
  /** Steps before the clock starts. */
  readonly warmup: number;
  readonly seconds: number;
}

/** Keeps the time at which the page first says that a step was taken; times count from the beginning of the load. */
const WATCH = `new MutationObserver((_, observer) => {
  if (!/step [1-9]/.test(document.querySelector('.status')?.textContent ?? '')) return;
  window.firstStep = performance.now();
  observer.disconnect();
}).observe(document, { subtree: true, childList: true, characterData: true });`;

const STEP = "Number(/step (\\d+)/.exec(document.querySelector('.status').textContent)[1])";

/** The step that the page shows, and when, in seconds. */
const look = (tab: Page): Promise<[step: number, time: number]> =>
  tab.evaluate<[number, number]>(`[${STEP}, performance.now() / 1000]`);

async function measureTab(
  browser: Browser,
  url: string,
  { warmup, seconds }: PageSettings,
): Promise<Reading['values']> {
  const tab = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await tab.addInitScript(WATCH);
  await tab.goto(url);
  await tab.waitForFunction(`${STEP} >= ${warmup}`, undefined, { timeout: 120_000 });
  const firstStep = (await tab.evaluate<number>('window.firstStep')) / 1000;
  const [before, start] = await look(tab);
  await tab.waitForTimeout(1000 * seconds);
  const [after, end] = await look(tab);
  await browser.startTracing(tab, { categories: TRACED });
  await tab.waitForTimeout(1000 * seconds);
  const longest = longestTask((await browser.stopTracing()).toString());
  await tab.close();
  return { rate: (after - before) / (end - start), firstStep, longest };
}

async function measure(settings: PageSettings): Promise<Reading[]> {
  const files = await buildPage();
  const bytes = Object.values(files).reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);
  const readings: Reading[] = [];
  for (const isolated of settings.threads > 1 ? [true, false] : [false]) {
    const site = await serve(files, isolated);
    const browser = await chromium.launch({
      executablePath: settings.executablePath,
      args: ['--no-sandbox', '--disable-quic'],
    });
    try {
      const values = await measureTab(browser, `${site.url}/#/train`, settings);
      readings.push({ row: String(isolated ? settings.threads : 1), values: { ...values, bytes } });
    } finally {
      await browser.close();
      await site.close();
    }
  }
  return readings;
}

console.log(JSON.stringify(await measure(JSON.parse(process.argv[2]))));
