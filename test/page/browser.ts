import { type Browser, chromium, type Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, inject } from 'vitest';
// The type of what is injected.
import type {} from '../browser/setup.js';
import { goTo, hashOf, leave, viewOf } from './tab.js';

export interface TabOptions {
  /** Serve with the headers that let the engine share memory between threads; yes unless given. */
  readonly isolated?: boolean;
  /** Where the page is served, in place of what `isolated` says. */
  readonly site?: 'folder';
  /** Whether service workers are allowed; yes unless given. */
  readonly serviceWorkers?: 'allow' | 'block';
  readonly scheme?: 'light' | 'dark';
  /** Of the window, in pixels; 1440 unless given. */
  readonly width?: number;
  /** What has to be done to the tab before the page is in it; done once for a tab that several tests use. */
  readonly prepare?: (tab: Page) => Promise<unknown>;
  /** Errors in the tab's console are part of the test; without it they fail the test. */
  readonly troubled?: boolean;
}

/** The page in a browser. */
export interface PageInBrowser {
  /**
   * Opens an address in a tab that shares nothing with the others of the test. Where the address says the step, it may be
   * a tab of an earlier test, which follows the address; otherwise the page is loaded anew, and trains by itself.
   * @param hash as `#/train?count=256&at=1`
   */
  open(hash: string, options?: TabOptions): Promise<Page>;
}

/** How long the page may take over anything; far longer than it needs, as other tests run beside it. */
export const PATIENCE = 60_000;

/** A tab that a later test may use. */
interface Used {
  readonly tab: Page;
  /** What was set when its context was made, by which it is of use to another test. */
  readonly kind: readonly unknown[];
}

/** The tabs of a process of tests, one file after another. */
let browser: Browser | undefined;
/** Tabs of the tests before, standing still. */
let idle: Used[] = [];
/** Tabs of this test that may be used again. */
let used: Used[] = [];
let errors: string[] = [];

/**
 * Tests on the built page in the Chromium that all such files share. Skipped where there is none. A test fails on any
 * error in the console of its tabs. A file that calls this is named in the configuration, among those with a browser.
 */
export function describeInBrowser(name: string, define: (page: PageInBrowser) => void): void {
  const shared = inject('browser');
  if (shared === undefined)
    throw new Error('describeInBrowser: name this file among BROWSER in vitest.config.ts');
  describe.skipIf(shared === null)(name, () => {
    beforeAll(async () => {
      if (shared !== null) browser ??= await chromium.connect(shared.endpoint);
    }, 2 * PATIENCE);

    afterEach(async ({ task }) => {
      if (task.result?.state !== 'fail' && errors.length === 0) {
        // What is still to come of what the test began belongs to it.
        await Promise.all(used.map(({ tab }) => leave(tab)));
        if (errors.length === 0) idle.push(...used);
      }
      used = [];
      const seen = errors;
      errors = [];
      const kept = new Set(idle.map(({ tab }) => tab.context()));
      const contexts = browser?.contexts() ?? [];
      await Promise.all(contexts.map((context) => kept.has(context) || context.close()));
      expect(seen, "errors in the tab's console").toEqual([]);
    });

    define({
      async open(
        hash,
        {
          site,
          serviceWorkers = 'allow',
          isolated = true,
          scheme = 'light',
          width = 1440,
          prepare,
          troubled = false,
        } = {},
      ) {
        if (browser === undefined || shared === null) throw new Error('open: only inside of a test');
        const kind = [site, serviceWorkers, isolated, scheme, width, prepare];
        const found = troubled
          ? undefined
          : idle.find((one) => one.kind.every((value, i) => value === kind[i]));
        if (found !== undefined) {
          idle = idle.filter((one) => one !== found);
          used.push(found);
          // The last test may have left another size.
          await found.tab.setViewportSize({ width, height: 900 });
          // A view that is shown already would stay as the last test left it.
          if (/[?&]at=/.test(hash) && viewOf(await hashOf(found.tab)) !== viewOf(hash)) {
            await goTo(found.tab, hash);
            return found.tab;
          }
        }
        let tab = found?.tab;
        if (tab === undefined) {
          const context = await browser.newContext({
            colorScheme: scheme,
            viewport: { width, height: 900 },
            reducedMotion: 'reduce',
            serviceWorkers,
          });
          context.setDefaultTimeout(PATIENCE);
          tab = await context.newPage();
          if (!troubled) {
            tab.on('pageerror', (error) => errors.push(String(error)));
            tab.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
            used.push({ tab, kind });
          }
          await prepare?.(tab);
        }
        // Else only what follows # would change, which loads nothing.
        if (found !== undefined) await tab.goto('about:blank');
        await tab.goto(`${shared.sites[site ?? (isolated ? 'isolated' : 'plain')]}/${hash}`);
        return tab;
      },
    });
  });
}
