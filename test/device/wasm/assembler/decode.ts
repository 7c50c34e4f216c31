/** Reads bytes of a module, as the core specification defines them. */
export class Reader {
  position = 0;

  constructor(readonly bytes: ArrayLike<number>) {}

  get done(): boolean {
    return this.position === this.bytes.length;
  }

  byte(): number {
    if (this.position >= this.bytes.length) throw new Error('the bytes end too early');
    return this.bytes[this.position++];
  }

  take(count: number): number[] {
    return Array.from({ length: count }, () => this.byte());
  }

  /** Unsigned LEB128: seven bits a byte, the lowest first, as long as the top bit is set. */
  unsigned(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value += BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(value);
    }
  }

  /** Signed LEB128: the same, and bit 6 of the last byte is the sign. */
  signed(): number {
    let value = 0n;
    for (let shift = 0n; ; ) {
      const byte = this.byte();
      value += BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (byte < 0x80) return Number(BigInt.asIntN(Number(shift), value));
    }
  }

  text(): string {
    return new TextDecoder().decode(Uint8Array.from(this.take(this.unsigned())));
  }

  /** A count, and so many of something. */
  vector<T>(element: () => T): T[] {
    return Array.from({ length: this.unsigned() }, element);
  }
}
