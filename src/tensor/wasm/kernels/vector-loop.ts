import {
  countUp,
  defineFunction,
  type EncodedFunction,
  f32x4,
  type I32,
  i32,
  i32x4,
  type Local,
  type Locals,
  repeatWhile,
  type Statement,
  type V128,
  v128,
} from '../assembler/index.js';

/** Local variables for parts of an expression. */
export interface Scope {
  /** Computes a value once, however often it is used. */
  bind(value: V128): V128;
  /** A float32 in all lanes, made ready before the loop: engines build a constant anew wherever it stands. */
  float(x: number): V128;
  /** An integer in all lanes, likewise. */
  integer(n: number): V128;
}

/** Four elements of the result from four of each operand. */
export type Expression = (scope: Scope, ...operands: V128[]) => V128;

const VECTOR_BYTES = 16;
/** Vectors in a group. With one, each step of a polynomial would wait for the step before; with four, registers run out. */
const VECTORS = 2;

/** Elements worked on in one turn of a loop. */
export const GROUP = 4 * VECTORS;
export const GROUP_BYTES = VECTOR_BYTES * VECTORS;

/** Constants in local variables, each set once before the loop. */
class Constants {
  readonly before: Statement[] = [];
  private readonly known = new Map<string, V128>();

  constructor(private readonly locals: Locals) {}

  get(value: V128): V128 {
    const key = value.code.join();
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const local = this.locals.new('v128');
    this.before.push(local.set(value));
    this.known.set(key, local.get);
    return local.get;
  }
}

/** Collects what an expression binds for one vector. */
class VectorScope implements Scope {
  readonly statements: Statement[] = [];

  constructor(
    private readonly locals: Locals,
    private readonly constants: Constants,
  ) {}

  bind(value: V128): V128 {
    const local = this.locals.new('v128');
    this.statements.push(local.set(value));
    return local.get;
  }

  float(x: number): V128 {
    return this.constants.get(f32x4.const(x));
  }

  integer(n: number): V128 {
    return this.constants.get(i32x4.const(n));
  }
}

/** Items of lists of one length, the first of each, then the second of each, and so on. */
const interleave = <T>(lists: readonly (readonly T[])[]): T[] =>
  lists[0].flatMap((_, i) => lists.map((list) => list[i]));

const move = (pointer: Local<'i32'>, by: I32): Statement => pointer.set(i32.add(pointer.get, by));

/**
 * A loop over rows, and over the groups of a row. Its parameters: `count` of groups in a row, address of the result
 * `out`, and for each operand its address and the step to its next group, {@link GROUP_BYTES} or, for a group that all
 * share, 0. Then the number of `rows`, and the steps from behind a row's last group to the next row, of the result and
 * of each operand. It reads and writes whole groups.
 */
export function emitVectorLoop(name: string, arity: number, expression: Expression): EncodedFunction {
  const operands = Array.from({ length: arity }, (_, i) => ({
    address: `address${i}`,
    step: `step${i}`,
    rowStep: `rowStep${i}`,
  }));
  const names = [
    ...['count', 'out', ...operands.flatMap(({ address, step }) => [address, step])],
    ...['rows', 'outRowStep', ...operands.map(({ rowStep }) => rowStep)],
  ];
  const parameters: Record<string, 'i32'> = Object.fromEntries(names.map((key) => [key, 'i32']));
  return defineFunction({
    name,
    parameters,
    body: (p, locals) => {
      const row = locals.new('i32');
      const end = locals.new('i32');
      const constants = new Constants(locals);
      const vectors = Array.from({ length: VECTORS }, (_, i) => {
        const offset = i * VECTOR_BYTES;
        const scope = new VectorScope(locals, constants);
        const loaded = operands.map(({ address }) => scope.bind(v128.load(p[address].get, offset)));
        const result = expression(scope, ...loaded);
        return [...scope.statements, v128.store(p.out.get, result, offset)];
      });
      const groups = repeatWhile(
        i32.ne(p.out.get, end.get),
        ...interleave(vectors),
        ...operands.map(({ address, step }) => move(p[address], p[step].get)),
        move(p.out, i32.const(GROUP_BYTES)),
      );
      return [
        ...constants.before,
        countUp(
          row,
          p.rows.get,
          1,
          end.set(i32.add(p.out.get, i32.mul(p.count.get, i32.const(GROUP_BYTES)))),
          groups,
          ...operands.map(({ address, rowStep }) => move(p[address], p[rowStep].get)),
          move(p.out, p.outRowStep.get),
        ),
      ];
    },
  });
}
