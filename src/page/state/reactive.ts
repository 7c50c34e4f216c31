import { signal } from '@preact/signals';

/** Turns the fields of an object into signals: a component or an effect that reads one runs again when it changes. */
export function reactive<T extends object>(object: T): T {
  for (const [name, value] of Object.entries(object)) {
    const cell = signal<unknown>(value);
    Object.defineProperty(object, name, {
      get: () => cell.value,
      set: (next: unknown) => {
        cell.value = next;
      },
    });
  }
  return object;
}
