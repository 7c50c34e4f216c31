/** A stretch of memory, in bytes. */
interface Block {
  address: number;
  bytes: number;
}

/** Memory that was given back, of a region that grows in one direction; adjacent blocks are merged. */
export class FreeList {
  /** Sorted by address, adjacent ones merged. */
  readonly #blocks: Block[] = [];

  constructor(private readonly grows: 'up' | 'down') {}

  /** Takes `bytes` bytes as far from the growing end as possible, so that it can be cut back. @returns the address, or 0 if nothing fits */
  take(bytes: number): number {
    const fits = (block: Block): boolean => block.bytes >= bytes;
    const at = this.grows === 'up' ? this.#blocks.findIndex(fits) : this.#blocks.findLastIndex(fits);
    if (at < 0) return 0;
    const block = this.#blocks[at];
    const { address } = block;
    block.address += bytes;
    block.bytes -= bytes;
    if (block.bytes === 0) this.#blocks.splice(at, 1);
    return address;
  }

  /** Adds a block. */
  give(address: number, bytes: number): void {
    const found = this.#blocks.findIndex((block) => block.address > address);
    const at = found < 0 ? this.#blocks.length : found;
    this.#blocks.splice(at, 0, { address, bytes });
    this.#joinNext(at);
    if (at > 0) this.#joinNext(at - 1);
  }

  /** Removes the block that ends at `end`, the growing end. @returns its bytes, or 0 if that memory is in use */
  cutBack(end: number): number {
    const at = this.grows === 'up' ? this.#blocks.length - 1 : 0;
    const block = this.#blocks[at];
    if (block === undefined) return 0;
    const edge = this.grows === 'up' ? block.address + block.bytes : block.address;
    return edge === end ? this.#blocks.splice(at, 1)[0].bytes : 0;
  }

  #joinNext(at: number): void {
    const block = this.#blocks[at];
    const next = this.#blocks[at + 1];
    if (next === undefined || block.address + block.bytes !== next.address) return;
    block.bytes += next.bytes;
    this.#blocks.splice(at + 1, 1);
  }
}
