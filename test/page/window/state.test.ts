import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseAddress } from '../../../src/page/state/address.js';

/** Frames that the window has been asked for. */
let frames: ((time: number) => void)[] = [];

/** What the state of the page needs of a window, without one. */
async function windowWith() {
  vi.stubGlobal('location', { hash: '' });
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => {} }));
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('document', { documentElement: { dataset: {} } });
  vi.stubGlobal('requestAnimationFrame', (frame: (time: number) => void) => frames.push(frame));
  vi.stubGlobal('cancelAnimationFrame', () => {
    frames = [];
  });
  const [{ app }, notices, slow, theme] = await Promise.all([
    import('../../../src/page/state/app.js'),
    import('../../../src/page/state/notices.js'),
    import('../../../src/page/state/frames.js'),
    import('../../../src/page/ui/theme.js'),
  ]);
  return { app, ...notices, ...slow, ...theme };
}

const { app, dismiss, notify, reducedMotion, slow, watchFrames } = await windowWith();
afterAll(() => vi.unstubAllGlobals());

describe('messages', () => {
  beforeEach(() => {
    for (const { id } of app.notices) dismiss(id);
  });

  it('clip what they quote', () => {
    const long = 'x'.repeat(100_000);
    for (const address of [`#/train?beta=${long}`, `#/${long}`, `#/train?preset=${long}&hidden=${long}`]) {
      const { problems } = parseAddress(address);
      expect(problems.length).toBeGreaterThan(0);
      for (const problem of problems) expect(problem.length, problem).toBeLessThan(300);
    }
    notify(`The browser says: ${long}`);
    expect(app.notices[0].text.length).toBeLessThan(700);
    expect(app.notices[0].text).toMatch(/^The browser says: x+/);
  });

  it('are few, each once, the newest last', () => {
    for (const text of ['a', 'b', 'c', 'd', 'e', 'b']) notify(text);
    expect(app.notices.map(({ text }) => text)).toEqual(['c', 'd', 'e', 'b']);
  });
});

describe('a slow machine', () => {
  /** Draws frames that take so long each. */
  function draw(count: number, milliseconds: number): void {
    for (let i = 0; i < count; i++) {
      time += milliseconds;
      for (const frame of frames.splice(0)) frame(time);
    }
  }
  let time = 1000;

  it('is one whose frames take over 50 ms: nothing moves by itself, until they are quick again', () => {
    watchFrames();
    expect(frames).toHaveLength(0);
    app.status = 'training';
    draw(30, 16);
    expect([slow.value, reducedMotion.value]).toEqual([false, false]);
    // One long frame, or a window that was out of sight, says nothing.
    draw(1, 150);
    draw(1, 60_000);
    expect(slow.value).toBe(false);
    draw(30, 60);
    expect([slow.value, reducedMotion.value]).toEqual([true, true]);
    draw(30, 40);
    expect(slow.value).toBe(true);
    draw(30, 20);
    expect([slow.value, reducedMotion.value]).toEqual([false, false]);
    app.status = 'ready';
    expect(frames).toHaveLength(0);
  });
});
