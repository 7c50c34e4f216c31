/** A stretch of memory, in bytes. */
interface Block {
  address: number;
  bytes: number;
}

/** What was given back of memory that grows in one direction; neighbours are joined. */
export class FreeList {
  /** In order of address, never next to each other. */
  readonly #blocks: Block[] = [];

  constructor(private readonly grows: 'up' | 'down') {}

  /** The address of `bytes` bytes, as far as can be from the end that grows, so that it can be cut back; 0 where nothing fits. */
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

  /** Takes out the block at the end that grows, where that is at `end`: its bytes, or 0 where it is in use. */
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
