import { describe, expect, it } from 'vitest';
import {
  defineFunction,
  type EncodedFunction,
  encodeModule,
  i32,
  type MemoryLimits,
  v128,
} from '../../../../src/device/wasm/assembler/index.js';
import { Reader } from './decode.js';
import { instantiate, isValid } from './engine.js';

const nothing = defineFunction('nothing', 0, () => []);
const copy = defineFunction('copy four ✓', 2, ([from, to]) => [v128.store(to, v128.load(from))]);
const mixed = defineFunction('mixed', 3, ([at, , count], locals) => {
  const [a, b] = locals.array('v128', 2);
  const n = locals.new('i32');
  return [n.set(count), a.set(v128.load(at)), b.set(a), i32.store(at, n)];
});

/** Sections by number, each with a reader of its contents. */
function sections(bytes: Uint8Array): Map<number, Reader> {
  const reader = new Reader(bytes);
  expect(reader.take(4)).toEqual([...'\0asm'].map((c) => c.charCodeAt(0)));
  expect(reader.take(4)).toEqual([1, 0, 0, 0]);
  const found: [number, Reader][] = [];
  while (!reader.done) {
    const id = reader.byte();
    found.push([id, new Reader(reader.take(reader.unsigned()))]);
  }
  const ids = found.map(([id]) => id);
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  return new Map(found);
}

const limits = (reader: Reader) => {
  const flags = reader.byte();
  const initial = reader.unsigned();
  const maximum = flags % 2 === 1 ? reader.unsigned() : undefined;
  return { initial, maximum, shared: flags >= 2 };
};

function parse(bytes: Uint8Array) {
  const found = sections(bytes);
  const contents = (id: number): Reader => {
    const reader = found.get(id);
    if (reader === undefined) throw new Error(`no section ${id}`);
    return reader;
  };
  const [types, imports, declared, exported, code] = [1, 2, 3, 7, 10].map(contents);
  const parsed = {
    types: types.vector(() => ({
      form: types.byte(),
      parameters: types.vector(() => types.byte()),
      results: types.vector(() => types.byte()),
    })),
    imports: imports.vector(() => ({
      from: [imports.text(), imports.text()],
      kind: imports.byte(),
      limits: limits(imports),
    })),
    declared: declared.vector(() => declared.unsigned()),
    exported: exported.vector(() => ({
      name: exported.text(),
      kind: exported.byte(),
      index: exported.unsigned(),
    })),
    bodies: code.vector(() => new Reader(code.take(code.unsigned()))),
  };
  for (const reader of found.values()) expect(reader.done).toBe(true);
  expect(found.size).toBe(5);
  return parsed;
}

describe('encodeModule', () => {
  it('writes sections whose order, lengths and counts agree', () => {
    const functions = [nothing, copy, mixed];
    const bytes = encodeModule({ initial: 1 }, functions);
    const { types, imports, declared, exported, bodies } = parse(bytes);
    expect(types).toEqual([
      { form: 0x60, parameters: [], results: [] },
      { form: 0x60, parameters: [0x7f, 0x7f], results: [] },
      { form: 0x60, parameters: [0x7f, 0x7f, 0x7f], results: [] },
    ]);
    const memory = { initial: 1, maximum: undefined, shared: false };
    expect(imports).toEqual([{ from: ['env', 'memory'], kind: 2, limits: memory }]);
    expect(declared).toEqual([0, 1, 2]);
    expect(exported).toEqual(functions.map(({ name }, index) => ({ name, kind: 0, index })));
    const declarations = bodies.map((body) => body.vector(() => [body.unsigned(), body.byte()]));
    expect(declarations).toEqual([
      [],
      [],
      [
        [1, 0x7b],
        [1, 0x7b],
        [1, 0x7f],
      ],
    ]);
    for (const { bytes: body } of bodies) expect(body[body.length - 1]).toBe(0x0b);
    expect(isValid(bytes)).toBe(true);
  });

  it('keeps counts and lengths right where they take more than one byte', () => {
    const many: EncodedFunction[] = Array.from({ length: 200 }, (_, k) =>
      defineFunction(`f${k}`.padEnd(150, '.'), 1, ([at]) =>
        Array.from({ length: k }, () => i32.store(at, i32.const(k * 1000))),
      ),
    );
    const bytes = encodeModule({ initial: 1 }, many);
    const { declared, exported, bodies } = parse(bytes);
    expect(declared).toEqual(many.map((_, k) => k));
    expect(exported.map(({ name }) => name)).toEqual(many.map(({ name }) => name));
    expect(bodies).toHaveLength(200);
    expect(isValid(bytes)).toBe(true);
    const { run, integers } = instantiate({ initial: 1 }, many);
    run(many[150].name, 64);
    expect(integers[16]).toBe(150_000);
  });

  it('of no function at all is a module', () => {
    expect(isValid(encodeModule({ initial: 0 }, []))).toBe(true);
  });

  it.each<MemoryLimits>([
    { initial: 1 },
    { initial: 2, maximum: 3 },
    { initial: 2, maximum: 65536, shared: true },
    { initial: 300, maximum: 300, shared: true },
    { initial: 2, maximum: 200, shared: false },
  ])('imports a memory of %j', (given) => {
    const bytes = encodeModule(given, [copy]);
    const { initial, maximum, shared = false } = given;
    expect(parse(bytes).imports[0].limits).toEqual({ initial, maximum, shared });
    expect(isValid(bytes)).toBe(true);
    const { run, integers } = instantiate(given, [copy]);
    integers.set([1, -2, 3, -4], 16);
    run('copy four ✓', 64, 1024);
    expect([...integers.subarray(256, 260)]).toEqual([1, -2, 3, -4]);
  });

  it('has a maximum exactly if the memory is shared or limited: a shared one without is no module', () => {
    expect(isValid(encodeModule({ initial: 1, shared: true }, []))).toBe(false);
  });
});
