import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { DataIdentity } from '../../../vae/training/identity.js';
import type { History } from '../../shared/history.js';

/** What is known of a checkpoint without reading it. */
export interface Label {
  /** What its training follows from: the settings, the file that it came from, and the program. */
  readonly key: string;
  /** The one training in one window that it is of. */
  readonly run: string;
  /** Gradient steps taken. */
  readonly at: number;
  /** Bytes that it takes. */
  readonly size: number;
}

/** A checkpoint, and what goes with it. */
export interface Content {
  readonly bytes: Uint8Array;
  readonly curve: History;
  readonly data: { readonly train: DataIdentity; readonly test: DataIdentity };
}

/** Checkpoints by number, the newest with the highest, and the person's files. Whatever fails rejects. */
export interface Shelf {
  /** Checkpoints that it has room for. */
  readonly room: number;
  labels(): Promise<ReadonlyMap<number, Label>>;
  put(label: Label, content: Content): Promise<void>;
  get(id: number): Promise<Content | undefined>;
  remove(id: number): Promise<void>;
  putFiles(files: readonly File[]): Promise<void>;
  files(): Promise<readonly File[]>;
}

interface Stores extends DBSchema {
  labels: { key: number; value: Label };
  contents: { key: number; value: Content };
  files: { key: string; value: readonly File[] };
}

const OWN = 'own';

/** In this browser, for the next time; shared by all windows of the page. */
export function browserShelf(): Shelf {
  let opened: Promise<IDBPDatabase<Stores>> | undefined;
  const database = (): Promise<IDBPDatabase<Stores>> => {
    opened ??= openDB<Stores>('pathwise', 1, {
      upgrade(db) {
        db.createObjectStore('labels', { autoIncrement: true });
        db.createObjectStore('contents');
        db.createObjectStore('files');
      },
    });
    return opened;
  };
  return {
    room: 10,
    async labels() {
      const { store } = (await database()).transaction('labels');
      const [keys, labels] = await Promise.all([store.getAllKeys(), store.getAll()]);
      return new Map(keys.map((key, i) => [key, labels[i]]));
    },
    async put(label, content) {
      const tx = (await database()).transaction(['labels', 'contents'], 'readwrite');
      // Told by what is awaited below, wherever it fails.
      tx.done.catch(() => undefined);
      const id = await tx.objectStore('labels').add(label);
      const written = tx.objectStore('contents').put(content, id);
      // Without waiting: the window may be about to close.
      tx.commit();
      await Promise.all([written, tx.done]);
    },
    async get(id) {
      return (await database()).get('contents', id);
    },
    async remove(id) {
      const tx = (await database()).transaction(['labels', 'contents'], 'readwrite');
      await Promise.all([
        tx.objectStore('labels').delete(id),
        tx.objectStore('contents').delete(id),
        tx.done,
      ]);
    },
    async putFiles(files) {
      await (await database()).put('files', files, OWN);
    },
    async files() {
      return (await (await database()).get('files', OWN)) ?? [];
    },
  };
}

/** In memory, as long as the window is open: less, since nothing else has the memory then. */
export function memoryShelf(): Shelf {
  const kept = new Map<number, readonly [Label, Content]>();
  let own: readonly File[] = [];
  let last = 0;
  return {
    room: 3,
    labels: async () => new Map([...kept].map(([id, [label]]) => [id, label])),
    async put(label, content) {
      kept.set(++last, [label, content]);
    },
    get: async (id) => kept.get(id)?.[1],
    async remove(id) {
      kept.delete(id);
    },
    async putFiles(files) {
      own = files;
    },
    files: async () => own,
  };
}
