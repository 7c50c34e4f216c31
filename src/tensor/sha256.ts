/** The 32-bit fractions of the square roots of the first 8 primes and the cube roots of the first 64 (FIPS 180-4). */
function fractions(count: number, root: (x: number) => number): Int32Array {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
  return Int32Array.from(primes, (p) => (root(p) % 1) * 2 ** 32);
}

const START = fractions(8, Math.sqrt);
const ROUND = fractions(64, Math.cbrt);
const BLOCK = 64;

/** A hash of bytes that come in pieces. */
export interface Hash {
  update(bytes: Uint8Array): void;
  /** Lower-case hexadecimal digits for all that came; nothing may come after. */
  hex(): string;
}

/** SHA-256 (FIPS 180-4), which every faster way must agree with. */
export class Sha256 implements Hash {
  readonly #state = START.slice();
  readonly #schedule = new Int32Array(64);
  /** The start of a block that is not complete. */
  readonly #rest = new Uint8Array(BLOCK);
  #length = 0;

  update(bytes: Uint8Array): void {
    const held = this.#length % BLOCK;
    this.#length += bytes.length;
    let at = 0;
    if (held > 0) {
      at = Math.min(BLOCK - held, bytes.length);
      this.#rest.set(bytes.subarray(0, at), held);
      if (held + at < BLOCK) return;
      this.#blocks(this.#rest, 0, BLOCK);
    }
    const whole = at + BLOCK * Math.floor((bytes.length - at) / BLOCK);
    this.#blocks(bytes, at, whole);
    this.#rest.set(bytes.subarray(whole));
  }

  hex(): string {
    const bits = BigInt(this.#length) * 8n;
    const held = this.#length % BLOCK;
    const end = new Uint8Array(held < BLOCK - 8 ? BLOCK - held : 2 * BLOCK - held);
    end[0] = 0x80;
    new DataView(end.buffer).setBigUint64(end.length - 8, bits);
    this.update(end);
    return Array.from(this.#state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  #blocks(bytes: Uint8Array, from: number, to: number): void {
    const w = this.#schedule;
    const state = this.#state;
    let [a0, b0, c0, d0, e0, f0, g0, h0] = state;
    for (let block = from; block < to; block += BLOCK) {
      for (let i = 0, at = block; i < 16; i++, at += 4) {
        w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
      }
      for (let i = 16; i < 64; i++) {
        const x = w[i - 15];
        const y = w[i - 2];
        const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
      }
      let a = a0;
      let b = b0;
      let c = c0;
      let d = d0;
      let e = e0;
      let f = f0;
      let g = g0;
      let h = h0;
      for (let i = 0; i < 64; i++) {
        const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        const t1 = (h + s1 + (g ^ (e & (f ^ g))) + ROUND[i] + w[i]) | 0;
        const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        const t2 = (s0 + ((a & b) | (c & (a | b)))) | 0;
        h = g;
        g = f;
        f = e;
        e = (d + t1) | 0;
        d = c;
        c = b;
        b = a;
        a = (t1 + t2) | 0;
      }
      a0 = (a0 + a) | 0;
      b0 = (b0 + b) | 0;
      c0 = (c0 + c) | 0;
      d0 = (d0 + d) | 0;
      e0 = (e0 + e) | 0;
      f0 = (f0 + f) | 0;
      g0 = (g0 + g) | 0;
      h0 = (h0 + h) | 0;
    }
    state.set([a0, b0, c0, d0, e0, f0, g0, h0]);
  }
}

/** A new SHA-256: the platform's where there is one that does not answer later, ten times as fast. */
export function sha256(): Hash {
  const crypto = typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:crypto');
  if (crypto === undefined) return new Sha256();
  const hash = crypto.createHash('sha256');
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    hex: () => hash.digest('hex'),
  };
}
