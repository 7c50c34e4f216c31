import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject } from 'vitest';
// The type of what is injected.
import type {} from '../browser/setup.js';

export interface TabOptions {
  /** Serve with the headers that let the engine share memory between threads; yes unless given. */
  readonly isolated?: boolean;
  readonly scheme?: 'light' | 'dark';
  /** Of the window, in pixels; 1440 unless given. */
  readonly width?: number;
  /** What has to be done to the tab before the page is in it. */
  readonly prepare?: (tab: Page) => Promise<unknown>;
  /** Errors in the tab's console are part of the test; without it they fail the test. */
  readonly troubled?: boolean;
}

/** The page in a browser. */
export interface PageInBrowser {
  /**
   * Opens an address in a tab that shares nothing with the others of the test: the page is loaded anew.
   * @param hash as `#/train?count=256`
   */
  open(hash: string, options?: TabOptions): Promise<Page>;
}

/** How long the page may take over anything; far longer than it needs, as other tests run beside it. */
export const PATIENCE = 60_000;

/** What the tab of a test may be given on to the next one by: what was set when its context was made. */
const kindOf = ({
  isolated,
  scheme,
  width,
}: Required<Pick<TabOptions, 'isolated' | 'scheme' | 'width'>>): string => `${isolated} ${scheme} ${width}`;

/**
 * Tests on the built page in the Chromium that all such files share. Skipped where there is none. A test fails on any
 * error in the console of its tabs. A file that calls this is named in the configuration, among those with a browser.
 */
export function describeInBrowser(name: string, define: (page: PageInBrowser) => void): void {
  const shared = inject('browser');
  if (shared === undefined)
    throw new Error('describeInBrowser: name this file among BROWSER in vitest.config.ts');
  describe.skipIf(shared === null)(name, () => {
    let browser: Browser | undefined;
    let errors: string[] = [];
    /** Tabs of the tests before, by kind: a page loaded in one of them shares nothing with the last but the process. */
    const idle = new Map<string, Page[]>();
    /** Tabs of this test that may be used again. */
    let used: [string, Page][] = [];

    beforeAll(async () => {
      if (shared !== null) browser = await chromium.connect(shared.endpoint);
    }, 2 * PATIENCE);

    afterEach(async ({ task }) => {
      const again = task.result?.state === 'fail' || errors.length > 0 ? [] : used;
      used = [];
      const seen = errors;
      errors = [];
      // Its engine ends with the page.
      await Promise.all(again.map(([, tab]) => tab.goto('about:blank')));
      for (const [kind, tab] of again) idle.set(kind, [...(idle.get(kind) ?? []), tab]);
      const kept = new Set([...idle.values()].flat().map((tab) => tab.context()));
      const contexts = browser?.contexts() ?? [];
      await Promise.all(contexts.map((context) => kept.has(context) || context.close()));
      expect(seen, "errors in the tab's console").toEqual([]);
    });

    afterAll(async () => {
      await browser?.close();
    });

    define({
      async open(hash, { isolated = true, scheme = 'light', width = 1440, prepare, troubled = false } = {}) {
        if (browser === undefined || shared === null) throw new Error('open: only inside of a test');
        const kind = kindOf({ isolated, scheme, width });
        const ordinary = prepare === undefined && !troubled;
        let tab = ordinary ? idle.get(kind)?.pop() : undefined;
        if (tab === undefined) {
          const context = await browser.newContext({
            colorScheme: scheme,
            viewport: { width, height: 900 },
            reducedMotion: 'reduce',
          });
          context.setDefaultTimeout(PATIENCE);
          tab = await context.newPage();
          if (!troubled) {
            tab.on('pageerror', (error) => errors.push(String(error)));
            tab.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
          }
          await prepare?.(tab);
        }
        if (ordinary) used.push([kind, tab]);
        await tab.goto(`${isolated ? shared.sites.isolated : shared.sites.plain}/${hash}`);
        return tab;
      },
    });
  });
}
