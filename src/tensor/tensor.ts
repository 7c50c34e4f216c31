import { allocate, checkDType, convert, type DType, dtypeOf, ownArray, type TensorData } from './dtype.js';
import { ShapeError } from './errors.js';
import { StaleTensorError } from './memory/errors.js';
import { FreeList } from './memory/free-list.js';
import { engineMemory } from './memory/memory.js';
import { currentScope, type Lifetime } from './memory/scope.js';
import { formatTensor } from './print.js';
import { checkedSize, formatShape, type Shape, sizeOf, stridesOf } from './shape.js';
import { countWrite } from './writes.js';

/** Numbers nested as deep as the rank of a tensor; a plain number for a scalar. */
export type NestedNumbers = number | readonly NestedNumbers[];

/** Who has the elements of tensors in a memory of their own. */
interface Keeper {
  read(x: Tensor): TensorData;
}

/** Stands for elements that are not on this side. */
class Elsewhere {
  constructor(readonly dtype: DType) {}
}

const IN_ENGINE_MEMORY = new Elsewhere('float32');

/** Who has the elements that are elsewhere but in the engine's memory. A field would make every tensor larger. */
const keepers = new WeakMap<Tensor, Keeper>();

/** What the methods of a recorded tensor do, so that gradients flow through them: ops, which the autograd layer brings. */
interface RecordedMethods {
  clone(t: Tensor): Tensor;
  view(t: Tensor, shape: Shape): Tensor;
  to(t: Tensor, dtype: DType): Tensor;
}

/** Arrays up to this many numbers stay in the garbage collector's own space, where they are cheaper to make than views. */
const TINY = 16;

/** The lifetime of tensors whose memory was given back before their scope ended. */
const RELEASED: Lifetime = { scope: 0, ended: true, free: new FreeList('down'), made: null };

/** Releases the memory of parameters once they are unreachable. */
const holders = new FinalizationRegistry<{ address: number; count: number }>(({ address, count }) =>
  engineMemory()?.release(address, count),
);

/**
 * An n-dimensional array of float32 or float64 numbers: row-major, contiguous, not resized.
 *
 * Ops treat a tensor as a value and never write into one; only optimisers and the loading of a state do, to parameters. A
 * tensor made inside a `scope` lives until the scope ends; {@link keep} makes it last.
 */
export class Tensor {
  readonly dtype: DType;
  /** Number of elements. */
  readonly size: number;
  /** A name for people: shown in graphs, reports and errors. */
  label: string | undefined = undefined;
  /**
   * What made this tensor, as autograd records it; null for plain data.
   * @internal
   */
  origin: object | null = null;

  /** @internal */
  static recorded: RecordedMethods | null = null;

  /** Null while the elements are elsewhere; see {@link read}. */
  private storage: TensorData | null;
  /** Where the elements stand in the engine's memory; 0 when they are elsewhere. */
  private place = 0;
  /** The scope that this tensor ends with; null for one that stays. */
  private lifetime: Lifetime | null = null;
  /** The last write, shared by all tensors on one storage; null where there was none and nothing shares it. */
  private written: { at: number } | null = null;

  /**
   * @param data elements in row-major order; kept, not copied.
   * @throws ShapeError unless `shape` is a list of sizes, and `data` has as many elements as they say; DTypeError for other data.
   */
  constructor(data: TensorData, shape: Shape);
  /** @internal */
  constructor(data: Elsewhere, shape: Shape);
  constructor(
    data: TensorData | Elsewhere,
    readonly shape: Shape,
  ) {
    const size = checkedSize(shape, 'Tensor');
    this.size = size;
    if (data instanceof Elsewhere) {
      this.storage = null;
      this.dtype = data.dtype;
      return;
    }
    this.storage = ownArray(data, 'Tensor');
    if (data.length !== size) {
      throw new ShapeError(
        `Tensor: shape ${formatShape(shape)} needs ${size} elements, but the data has ${data.length}`,
      );
    }
    this.dtype = dtypeOf(this.storage);
  }

  /** Zeros, in new storage: the scope's, inside one. */
  static empty(shape: Shape, dtype: DType): Tensor {
    return Tensor.uninitialized(shape, dtype).cleared();
  }

  /**
   * New storage whose numbers are undefined: for a kernel that writes them all, or after {@link cleared}.
   * @internal
   */
  static uninitialized(shape: Shape, dtype: DType): Tensor {
    const scope = currentScope();
    const size = sizeOf(shape);
    const memory = scope === null || size <= TINY ? null : engineMemory();
    if (scope === null || memory === null) {
      const ordinary = new Tensor(allocate(dtype, size), shape);
      ordinary.lifetime = scope;
      return ordinary;
    }
    let made: Tensor;
    if (dtype === 'float32') {
      made = new Tensor(IN_ENGINE_MEMORY, shape);
      made.place = memory.take(size, scope.free);
    } else {
      // No kernel works on it.
      made = new Tensor(new Float64Array(memory.buffer, memory.push(2 * size), size), shape);
    }
    made.lifetime = scope;
    scope.made?.push(made);
    return made;
  }

  /**
   * A tensor whose elements `keeper` has, until `data` is asked for and they are read, once.
   * @internal
   */
  static elsewhere(shape: Shape, dtype: DType, keeper: Keeper): Tensor {
    const made = new Tensor(new Elsewhere(dtype), shape);
    keepers.set(made, keeper);
    made.lifetime = currentScope();
    return made;
  }

  /**
   * Zeros that live as long as the tensor is reachable, inside a scope too, where kernels work on them in place:
   * for parameters and what optimisers remember.
   */
  static persistent(shape: Shape, dtype: DType): Tensor {
    const size = sizeOf(shape);
    const memory = dtype === 'float64' || size <= TINY ? null : engineMemory();
    if (memory === null) return new Tensor(allocate(dtype, size), shape);
    const address = memory.hold(size);
    const data = address === 0 ? new Float32Array(size) : memory.floats(address, size).fill(0);
    const made = new Tensor(data, shape);
    made.place = address;
    holders.register(data, { address, count: size });
    return made;
  }

  /**
   * Sets all elements to zero where they might not be.
   * @internal
   */
  cleared(): this {
    // Ordinary arrays begin as zeros.
    if (this.storage === null || (this.lifetime !== null && this.size > TINY)) this.data.fill(0);
    return this;
  }

  /**
   * The same elements in another shape of as many. A recorded tensor stays in the graph: it is then the op `reshape`, which
   * copies; of plain data nothing is copied.
   * @throws ShapeError when the shape has another number of elements.
   */
  view(shape: Shape): Tensor {
    return this.methods?.view(this, shape) ?? this.sharing(shape);
  }

  /** The same elements, not copied, as plain data: no gradient flows back through it, and nothing keeps the graph. */
  detach(): Tensor {
    return this.sharing(this.shape);
  }

  /** Another tensor on the same storage. */
  private sharing(shape: Shape): Tensor {
    const other = new Tensor(this.data, shape);
    other.place = this.place;
    other.lifetime = this.lifetime;
    this.written ??= { at: 0 };
    other.written = this.written;
    return other;
  }

  /** What the methods do where the tensor is recorded; null for plain data. */
  private get methods(): RecordedMethods | null {
    return this.origin === null ? null : Tensor.recorded;
  }

  /**
   * Tells that the elements have been written to, through `data`, since they were computed: `backward` then refuses graphs
   * that have saved them. Optimisers and the loading of a state do so themselves; writes by others cannot be seen.
   */
  markWritten(): this {
    this.written ??= { at: 0 };
    this.written.at = countWrite();
    return this;
  }

  /**
   * The number of the last write; 0 for none.
   * @internal
   */
  get writtenAt(): number {
    return this.written?.at ?? 0;
  }

  /** The elements, in row-major order. @throws StaleTensorError after the scope that made the tensor. */
  get data(): TensorData {
    if (this.lifetime?.ended) this.throwStale(this.lifetime);
    return this.storage ?? this.read();
  }

  /** Brings the elements to this side: the one place where what a device has computed comes back. */
  private read(): TensorData {
    const data = keepers.get(this)?.read(this) ?? engineMemory()?.floats(this.place, this.size);
    if (data === undefined) throw new Error('nobody has the elements of a tensor');
    this.storage = data;
    return data;
  }

  /**
   * Where the elements stand in the engine's memory; 0 when they are elsewhere.
   * @internal
   */
  get address(): number {
    if (this.lifetime?.ended) this.throwStale(this.lifetime);
    return this.place;
  }

  /**
   * Makes a tensor outlive the scope that made it: its elements move to an ordinary array. What it was computed from
   * does not last with it. Nothing changes outside of scopes.
   * @throws StaleTensorError when that scope is over already.
   */
  keep(): this {
    if (this.lifetime === null) return this;
    this.storage = convert(this.data, this.dtype);
    this.place = 0;
    this.lifetime = null;
    return this;
  }

  /**
   * Whether the tensor alone has its elements, in a scope's memory: nobody has asked for `data`, so that no array, and no other tensor,
   * shows them.
   * @internal
   */
  get isSole(): boolean {
    return this.lifetime?.ended === false && this.place !== 0 && this.storage === null;
  }

  /**
   * Gives the memory back before the scope ends, where that {@link isSole cannot be noticed} but by using the tensor, which throws
   * then.
   * @internal
   */
  release(): void {
    if (this.lifetime === null || !this.isSole) return;
    engineMemory()?.give(this.place, this.size, this.lifetime.free);
    this.place = 0;
    this.lifetime = RELEASED;
  }

  private throwStale({ scope }: Lifetime): never {
    const name =
      this.label ??
      (this.origin === null ? `a tensor of shape ${formatShape(this.shape)}` : String(this.origin));
    if (scope === 0) {
      throw new StaleTensorError(
        `'${name}' is gone, since backward did not retain the graph; call .keep() before it`,
      );
    }
    throw new StaleTensorError(
      `'${name}' belongs to scope ${scope}, which is over; call .keep() inside the scope to hold it`,
    );
  }

  /** Number of dimensions. */
  get rank(): number {
    return this.shape.length;
  }

  /** Gives the tensor a name for people, and returns it. */
  named(label: string): this {
    this.label = label;
    return this;
  }

  /** The one number in a tensor of size 1. @throws ShapeError for any other size. */
  item(): number {
    if (this.size !== 1) {
      throw new ShapeError(
        `item: a tensor of shape ${formatShape(this.shape)} has ${this.size} elements, not 1`,
      );
    }
    return this.data[0];
  }

  /** The element at one index per dimension; negative indices count from the end. @throws ShapeError out of range. */
  at(...indices: readonly number[]): number {
    if (indices.length !== this.rank) {
      throw new ShapeError(
        `at: shape ${formatShape(this.shape)} takes ${this.rank} indices, but got ${indices.length}`,
      );
    }
    const strides = stridesOf(this.shape);
    let offset = 0;
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i] < 0 ? indices[i] + this.shape[i] : indices[i];
      if (!Number.isInteger(index) || index < 0 || index >= this.shape[i]) {
        throw new ShapeError(
          `at: index ${indices[i]} is out of range for dimension ${i} of size ${this.shape[i]}`,
        );
      }
      offset += index * strides[i];
    }
    return this.data[offset];
  }

  /** The elements as nested arrays; a number for a scalar. */
  toArray(): NestedNumbers {
    const nest = (dimension: number, offset: number, stride: number): NestedNumbers => {
      if (dimension === this.rank) return this.data[offset];
      const length = this.shape[dimension];
      const inner = length === 0 ? 0 : stride / length;
      return Array.from({ length }, (_, i) => nest(dimension + 1, offset + i * inner, inner));
    };
    return nest(0, 0, this.size);
  }

  /** A copy of `dtype`; of a recorded tensor one that stays in the graph, by the op `cast`. @throws DTypeError */
  to(dtype: DType): Tensor {
    checkDType(dtype, 'to');
    return this.methods?.to(this, dtype) ?? new Tensor(convert(this.data, dtype), this.shape);
  }

  /** A copy; of a recorded tensor one that stays in the graph, by the op `alias`. `detach().clone()` leaves it. */
  clone(): Tensor {
    return this.methods?.clone(this) ?? new Tensor(convert(this.data, this.dtype), this.shape);
  }

  /** Shape, dtype and a shortened body, as a person reads it. */
  toString(): string {
    return formatTensor(this);
  }

  /** What `console.log` shows in Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
