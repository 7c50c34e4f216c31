import fc from 'fast-check';

type Change = (bytes: Uint8Array) => Uint8Array;

const joined = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

/** Where readers of counts and sizes go wrong. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

const place = fc.nat();
const few = fc.integer({ min: 1, max: 12 });

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, fc.nat(7)).map(
    ([at, bit]): Change =>
      (bytes) => {
        const copy = bytes.slice();
        if (copy.length > 0) copy[at % copy.length] ^= 1 << bit;
        return copy;
      },
  ),
  fc.tuple(place, fc.nat(255)).map(
    ([at, byte]): Change =>
      (bytes) => {
        const copy = bytes.slice();
        if (copy.length > 0) copy[at % copy.length] = byte;
        return copy;
      },
  ),
  fc.tuple(place, fc.constantFrom(...EDGES), fc.boolean(), fc.boolean()).map(
    ([at, value, little, aligned]): Change =>
      (bytes) => {
        const copy = bytes.slice();
        const from = at % Math.max(1, copy.length - 3);
        if (copy.length >= 4) new DataView(copy.buffer).setUint32(aligned ? from & ~3 : from, value, little);
        return copy;
      },
  ),
  place.map(
    (at): Change =>
      (bytes) =>
        bytes.slice(0, at % (bytes.length + 1)),
  ),
  fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 12 })).map(
    ([at, more]): Change =>
      (bytes) => {
        const from = at % (bytes.length + 1);
        return joined(bytes.subarray(0, from), more, bytes.subarray(from));
      },
  ),
  fc.tuple(place, few).map(
    ([at, count]): Change =>
      (bytes) => {
        const from = at % (bytes.length + 1);
        return joined(bytes.subarray(0, from), bytes.subarray(from + count));
      },
  ),
  fc.tuple(place, few).map(
    ([at, count]): Change =>
      (bytes) => {
        const from = at % (bytes.length + 1);
        return joined(bytes.subarray(0, from + count), bytes.subarray(from));
      },
  ),
);

/** A file after one to four changes: of bits, bytes and sizes, cut off, with bytes more, fewer or twice. */
export const damaged = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc
    .array(changes, { minLength: 1, maxLength: 4 })
    // A copy first: the slices of a Buffer share its bytes.
    .map((all) => all.reduce<Uint8Array>((b, change) => change(b), Uint8Array.from(bytes)));

/** The same of a text in UTF-8. */
export const damagedText = (text: string): fc.Arbitrary<string> =>
  damaged(new TextEncoder().encode(text)).map((bytes) => new TextDecoder().decode(bytes));

/** Values as a file may write them, also such as JSON does not have. */
const written: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['null', 'true', '0', '-1', '-0', '0.5', '1e308', '1e999', '2e0', '01', 'NaN', '9007199254740993'],
    ...[
      '""',
      '[]',
      '{}',
      '[null]',
      '{"__proto__":{"x":1}}',
      '{"a":1,"a":2}',
      '"\\ud800"',
      '"\\u001b[31m"',
      '',
    ],
    ...EDGES.map(String),
    `${'['.repeat(200)}${']'.repeat(200)}`,
    '['.repeat(100_000),
    `"${'x'.repeat(100_000)}"`,
    '9'.repeat(1000),
  ),
  fc.json(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
);

const edits = fc.array(
  fc.record({
    at: place,
    how: fc.constantFrom('replace', 'replace', 'remove', 'add'),
    name: fc.constantFrom('x', '__proto__', 'constructor', 'toString', 'length', ''),
    text: written,
  }),
  { minLength: 1, maxLength: 3 },
);

/** Every value below an object or list: where it stands. */
function placesIn(holder: object): [object, string][] {
  return Object.entries(holder).flatMap(([name, value]): [object, string][] => [
    [holder, name],
    ...(typeof value === 'object' && value !== null ? placesIn(value) : []),
  ]);
}

function put(holder: object, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
}

/**
 * JSON after one to three changes: a value of another type, out of range, too deep or too long; a member more or less; what is no
 * JSON in the place of a value.
 * @param text JSON of an object or a list
 */
export const damagedJson = (text: string): fc.Arbitrary<string> =>
  edits.map((all) => {
    const root: { whole?: unknown } = { whole: JSON.parse(text) };
    const mark = (i: number): string => `@${i}@`;
    all.forEach(({ at, how, name }, i) => {
      const places = placesIn(root);
      const [holder, key] = places[at % places.length];
      const value: unknown = Reflect.get(holder, key);
      if (how === 'remove' && holder !== root) {
        if (Array.isArray(holder)) holder.splice(Number(key), 1);
        else Reflect.deleteProperty(holder, key);
      } else if (how === 'add' && Array.isArray(value)) value.push(mark(i));
      else if (how === 'add' && typeof value === 'object' && value !== null) put(value, name, mark(i));
      else put(holder, key, mark(i));
    });
    return all.reduce(
      (out, { text: value }, i) => out.replace(`"${mark(i)}"`, () => value),
      JSON.stringify(root.whole),
    );
  });
