import type { CachedName } from './cache.js';

/** A file of a data set: where it was found, and what is in it, uncompressed. */
export interface Content {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A part of a data set as it came out of a download, and as it is kept in the cache. */
export interface Unpacked {
  readonly content: Uint8Array;
  readonly kept: Uint8Array;
}

/** What a mirror serves as one file. */
export interface Archive<Part extends string> {
  /** For progress and errors. */
  readonly name: string;
  /** Its address from that of the mirror. */
  readonly path: string;
  /** The most bytes that it may have. */
  readonly maxBytes: number;
  /** The parts in it. */
  readonly parts: readonly Part[];
  /** @param file its name, for errors. @throws DataError when it is damaged, or a part is not in it */
  unpack(packed: Uint8Array, file: string): Promise<ReadonlyMap<Part, Unpacked>>;
}

/** A data set that is taken from a person's folder, from the cache, or from the network. */
export interface Source<Part extends string> {
  /** As people call it. */
  readonly title: string;
  readonly name: CachedName;
  /** The variable of the environment that names a folder with its files. */
  readonly variable: string;
  /** How to load other data of the same form, as an imperative. */
  readonly otherwise: string;
  readonly archives: readonly Archive<Part>[];
  /** SHA-256 of each part, uncompressed, and of the archives by name where they are known. */
  readonly checksums: Readonly<Record<Part, string>>;
  /** Addresses of the folders that serve the archives, in order of preference. */
  readonly mirrors: readonly string[];
  /** The name of a part in the cache. */
  cached(part: Part): string;
  /** Finds the parts in a person's folder. @throws DataError when some are missing, all of them named */
  find(directory: string): Promise<(part: Part) => string>;
  /** Reads a part from the cache or a person's folder. @throws DataError when it is missing or damaged */
  read(path: string): Promise<Uint8Array>;
}
