import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, show } from '../../src/tensor/describe.js';

const anyText = fc.string({ unit: fc.oneof(fc.constantFrom('\u001b', '\ud83d', '\n'), fc.string()) });

describe('show', () => {
  it('writes a value as JSON, or its kind where JSON cannot', () => {
    let deep: unknown[] = [];
    for (let i = 0; i < 100_000; i++) deep = [deep];
    const circle: Record<string, unknown> = {};
    circle.again = circle;
    expect([show('a'), show([1, null]), show(Number.NaN), show(undefined)]).toEqual([
      '"a"',
      '[1,null]',
      'NaN',
      'undefined',
    ]);
    expect([show(deep), show(circle), show([1n])]).toEqual(['an array', 'an object', 'an array']);
    expect(show('x'.repeat(100_000))).toHaveLength(60);
  });
});

describe('clip', () => {
  it('leaves short plain text as it is, and never gives more than was asked for', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 10, max: 100 }), (text, most) => {
        const clipped = clip(text, most);
        expect(clipped.length).toBeLessThanOrEqual(most);
        expect(clipped).not.toMatch(/[\p{Cc}\p{Cs}]/u);
        if (text.length <= most && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text)) expect(clipped).toBe(text);
      }),
    );
  });

  it('shows both ends of what is long', () => {
    expect(clip('0123456789'.repeat(100), 20)).toBe('012345678901...56789');
    expect(clip(`/a/very/${'long/'.repeat(100)}way/model.safetensors`)).toMatch(
      /^\/a\/very\/long\/.*\.\.\..*safetensors$/,
    );
  });
});
