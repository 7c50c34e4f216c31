import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/tensor/json.js';

describe('parseJson', () => {
  it('reads what JSON.stringify writes, in whatever layout', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(4), (value, spaces) => {
        const text = JSON.stringify(value, null, spaces);
        expect(parseJson(text)).toEqual(JSON.parse(text));
        expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('takes nothing that JSON.parse does not, and means the same by the rest', () => {
    const token = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ':',
        ',',
        '"a"',
        '"b"',
        '"',
        '\\',
        '\\u0061',
        '1',
        '-',
        '0',
        '.5',
        'e3',
        'true',
        'null',
      ],
      ...[' ', '\n', '\t', '\u00a0', '\u0001', 'x'],
    );
    fc.assert(
      fc.property(fc.string({ unit: token, maxLength: 12 }), (text) => {
        const read = (parse: (text: string) => unknown): unknown => {
          try {
            return { value: parse(text) };
          } catch (error) {
            expect(error).toBeInstanceOf(SyntaxError);
            return null;
          }
        };
        const [ours, theirs] = [read(parseJson), read(JSON.parse)];
        if (ours === null) expect(theirs === null || /"(\w)".*"\1"/s.test(text)).toBe(true);
        else expect(ours).toEqual(theirs);
      }),
      { numRuns: 3000 },
    );
  });

  it.each<[string, string, RegExp]>([
    ['lists 100,000 deep', '['.repeat(100_000), /more than 127 objects and lists/],
    ['objects 100,000 deep', '{"a":'.repeat(100_000), /more than 127/],
    ['a name twice', '{"a":1,"b":{"a":2},"\\u0061":3}', /^'a' is there twice in one object/],
    ['half a surrogate pair', '["\\udc00\\ud800"]', /character 1 has half a surrogate pair/],
    ['a number beyond float64', '1e999', /1e999 is out of range/],
    ['ten million digits', '9'.repeat(10_000_000), /^the number 9+\.\.\.9+ is out of range/],
    ['an open string', `"${'a'.repeat(1_000_000)}`, /^found '"a+' at character 0, expected a string/],
    ['more after the end', '{} {}', /^found '\{\}' at character 3, expected the end/],
    ['nothing', ' ', /^found the end at character 1, expected a value/],
  ])('refuses %s, in a sentence', (_, text, message) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
    expect(() => parseJson(text)).toThrow(message);
  });

  it('keeps names that objects have of themselves', () => {
    const value = parseJson('{"__proto__":1,"constructor":2}');
    expect(Object.entries(Object(value))).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
  });
});
