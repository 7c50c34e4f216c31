import { batch, computed } from '@preact/signals';
import { type Fields, keyOf, leavesOf, type Values } from '../../nn/schema/index.js';
import { readParams } from './address.js';
import { app, setParam } from './app.js';

/** The parameters of a view, declared by a schema and kept in the address. */
export interface ViewParams<F extends Fields> {
  readonly value: Values<F>;
  /** What cannot be read in the address; the default stands in its place. */
  readonly problems: readonly string[];
  /** Changes some of them; what has its default is left out of the address. */
  set(changes: Partial<Values<F>>): void;
}

export function viewParams<F extends Fields>(fields: F): ViewParams<F> {
  const read = computed(() => readParams(fields, app.params));
  return {
    get value() {
      return read.value.values;
    },
    get problems() {
      return read.value.problems;
    },
    set(changes) {
      batch(() => {
        for (const leaf of leavesOf(fields)) {
          const { setting, path } = leaf;
          if (!Object.hasOwn(changes, path[0])) continue;
          const text = setting.format(Reflect.get(changes, path[0]));
          setParam(keyOf(leaf), text === setting.format(setting.default) ? null : text);
        }
      });
    },
  };
}
