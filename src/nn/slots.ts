import { isPlainObject } from '../tensor/known-options.js';

/** A place in an object, or in a list, map, set or record inside it. */
export interface Slot {
  /** With dots, as PyTorch's ModuleList and ModuleDict have them: 'layers.0', 'heads.mean'. */
  readonly name: string;
  readonly value: unknown;
  /** Puts another value there. */
  readonly set: (value: unknown) => void;
}

interface Entry extends Omit<Slot, 'name'> {
  readonly key: unknown;
}

/** The entries of a list, map, set or record; null for anything else. */
function entriesOf(holder: unknown): Entry[] | null {
  if (holder instanceof Map) {
    return [...holder].map(([key, value]) => ({ key, value, set: (other) => holder.set(key, other) }));
  }
  if (holder instanceof Set) {
    return [...holder].map((value: unknown, key) => ({
      key,
      value,
      set: (other) => {
        const values = [...holder];
        values[key] = other;
        holder.clear();
        for (const each of values) holder.add(each);
      },
    }));
  }
  return Array.isArray(holder) || isPlainObject(holder) ? fieldsOf(holder) : null;
}

const fieldsOf = (holder: object): Entry[] =>
  Object.entries(holder).map(([key, value]) => ({
    key,
    value,
    set: (other) => Reflect.set(holder, key, other),
  }));

const isName = (key: unknown): key is string | number => typeof key === 'string' || typeof key === 'number';

/** A slot, or those inside the list, map, set or record that it holds. */
function flatten(slot: Slot, unnamed: (slot: Slot) => void, path: readonly unknown[]): Slot[] {
  const { name, value } = slot;
  const entries = entriesOf(value);
  if (entries === null) return [slot];
  if (path.includes(value)) return [];
  return entries.flatMap((entry) => {
    const { key } = entry;
    if (isName(key)) return flatten({ ...entry, name: `${name}.${key}` }, unnamed, [...path, value]);
    unnamed({ ...entry, name });
    return [];
  });
}

/**
 * The fields of an object, in order of definition; lists, maps, sets and records are entered, others are not.
 * @param unnamed is called with entries of maps whose keys are neither strings nor numbers
 */
export const slotsOf = (holder: object, unnamed: (slot: Slot) => void): Slot[] =>
  (entriesOf(holder) ?? fieldsOf(holder)).flatMap((entry) =>
    flatten({ ...entry, name: String(entry.key) }, unnamed, [holder]),
  );

/** The values in a list, map, set or record that a name leads to; null for anything else. */
function valuesOf(holder: unknown): readonly unknown[] | null {
  if (holder instanceof Map) return [...holder].flatMap(([key, value]) => (isName(key) ? [value] : []));
  if (holder instanceof Set) return [...holder];
  return Array.isArray(holder) || isPlainObject(holder) ? Object.values(holder) : null;
}

/** Calls `visit` with the value of each slot of {@link slotsOf}, in the same order, without making slots and names. */
export function eachValue(holder: object, visit: (value: unknown) => void): void {
  const enter = (values: readonly unknown[], path: readonly unknown[]): void => {
    for (const value of values) {
      const inner = valuesOf(value);
      if (inner === null) visit(value);
      else if (!path.includes(value)) enter(inner, [...path, value]);
    }
  };
  enter(valuesOf(holder) ?? Object.values(holder), [holder]);
}

/** What {@link findInside} does at an object: end with it, look inside, or pass by. */
export type Verdict = 'found' | 'inside' | 'pass';

/** The first object inside a value, however deep, that is 'found'; undefined when there is none. */
export function findInside(
  value: unknown,
  judge: (x: object) => Verdict,
  seen = new Set<unknown>(),
): object | undefined {
  if (typeof value !== 'object' || value === null || seen.has(value) || ArrayBuffer.isView(value)) return;
  seen.add(value);
  const verdict = judge(value);
  if (verdict === 'found') return value;
  if (verdict === 'pass') return;
  for (const entry of entriesOf(value) ?? fieldsOf(value)) {
    const found = findInside(entry.value, judge, seen);
    if (found !== undefined) return found;
  }
  return;
}
