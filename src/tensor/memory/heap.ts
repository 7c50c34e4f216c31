import { FreeList } from './free-list.js';

/** Long-lived memory, from `base` upwards: what was given back where it is large enough, else what was never used. */
export class Heap {
  readonly #free = new FreeList('up');
  #end: number;
  #held = 0;

  constructor(base: number) {
    this.#end = base;
  }

  /** Where unused memory begins. */
  get top(): number {
    return this.#end;
  }

  /** Bytes handed out and not given back. */
  get inUse(): number {
    return this.#held;
  }

  /** The address of `bytes` bytes; 0 where none are left below `limit`. */
  take(bytes: number, limit: number): number {
    let address = this.#free.take(bytes);
    if (address === 0) {
      if (this.#end + bytes > limit) return 0;
      address = this.#end;
      this.#end += bytes;
    }
    this.#held += bytes;
    return address;
  }

  /** Gives back what `take` gave. */
  release(address: number, bytes: number): void {
    this.#held -= bytes;
    this.#free.give(address, bytes);
    this.#end -= this.#free.cutBack(this.#end);
  }
}
