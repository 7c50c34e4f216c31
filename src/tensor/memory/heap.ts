/** A stretch of memory, in bytes. */
interface Block {
  address: number;
  bytes: number;
}

/** Long-lived memory, from `base` upwards: the first free block that is large enough, neighbours joined when freed. */
export class Heap {
  /** Free blocks in order of address, never next to each other. */
  readonly #free: Block[] = [];
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
    const at = this.#free.findIndex((block) => block.bytes >= bytes);
    let address = this.#end;
    if (at >= 0) {
      const block = this.#free[at];
      address = block.address;
      block.address += bytes;
      block.bytes -= bytes;
      if (block.bytes === 0) this.#free.splice(at, 1);
    } else {
      if (this.#end + bytes > limit) return 0;
      this.#end += bytes;
    }
    this.#held += bytes;
    return address;
  }

  /** Gives back what `take` gave. */
  release(address: number, bytes: number): void {
    this.#held -= bytes;
    const found = this.#free.findIndex((block) => block.address > address);
    const at = found < 0 ? this.#free.length : found;
    this.#free.splice(at, 0, { address, bytes });
    this.joinNext(at);
    if (at > 0) this.joinNext(at - 1);
    const last = this.#free[this.#free.length - 1];
    if (last.address + last.bytes === this.#end) {
      this.#end = last.address;
      this.#free.pop();
    }
  }

  private joinNext(at: number): void {
    const block = this.#free[at];
    const next = this.#free[at + 1];
    if (next === undefined || block.address + block.bytes !== next.address) return;
    block.bytes += next.bytes;
    this.#free.splice(at + 1, 1);
  }
}
