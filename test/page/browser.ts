import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { buildPage } from '../browser/build-page.js';
import { findChromium } from '../browser/chromium.js';
import { type Site, serve } from '../browser/serve.js';

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
   * Opens an address in a fresh tab, which shares nothing with others and is closed after the test.
   * @param hash as `#/train?count=256`
   */
  open(hash: string, options?: TabOptions): Promise<Page>;
}

/** How long the page may take over anything; far longer than it needs, as other tests run beside it. */
export const PATIENCE = 60_000;

/**
 * Tests on the built page in Chromium: built and served once, with one browser, for the whole block. Skipped, with a
 * line that says so, where there is no Chromium. A test fails on any error in the console of its tabs.
 */
export function describeInBrowser(name: string, define: (page: PageInBrowser) => void): void {
  const executablePath = findChromium();
  describe.skipIf(executablePath === undefined)(name, () => {
    const sites: { isolated?: Site; plain?: Site } = {};
    let browser: Browser | undefined;
    let errors: string[] = [];

    beforeAll(async () => {
      const files = await buildPage();
      sites.isolated = await serve(files, true);
      sites.plain = await serve(files, false);
      const args = ['--no-sandbox', '--disable-quic'];
      browser = await chromium.launch({ executablePath: executablePath ?? '', args });
    }, 2 * PATIENCE);

    afterEach(async () => {
      await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
      const seen = errors;
      errors = [];
      expect(seen, "errors in the tab's console").toEqual([]);
    });

    afterAll(async () => {
      await browser?.close();
      await sites.isolated?.close();
      await sites.plain?.close();
    });

    define({
      async open(hash, { isolated = true, scheme = 'light', width = 1440, prepare, troubled = false } = {}) {
        const site = isolated ? sites.isolated : sites.plain;
        if (browser === undefined || site === undefined) throw new Error('open: only inside of a test');
        const context = await browser.newContext({
          colorScheme: scheme,
          viewport: { width, height: 900 },
          reducedMotion: 'reduce',
        });
        context.setDefaultTimeout(PATIENCE);
        const tab = await context.newPage();
        if (!troubled) {
          tab.on('pageerror', (error) => errors.push(String(error)));
          tab.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
        }
        await prepare?.(tab);
        await tab.goto(`${site.url}/${hash}`);
        return tab;
      },
    });
  });
}
