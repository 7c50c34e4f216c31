import type { Op } from '../../../src/autograd/op.js';

export const isOpFunction = (value: unknown): value is { readonly op: Op } =>
  typeof value === 'function' && 'op' in value && typeof value.op === 'object';

/** The ops that a module exports. */
export const opsIn = (exported: object): Op[] =>
  Object.values(exported).flatMap((x) => (isOpFunction(x) ? [x.op] : []));
