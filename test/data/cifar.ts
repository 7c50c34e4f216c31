import { gzipSync } from 'node:zlib';
import { CIFAR10_FILES, type Cifar10File } from '../../src/data/cifar10/load.js';
import type { LabeledImages } from '../../src/data/images.js';

/** Images of 32 x 32 x 3 as a file of CIFAR-10's binary version. */
export function encodeCifar({ count, pixels, labels }: LabeledImages): Uint8Array {
  const bytes = new Uint8Array(count * 3073);
  for (let i = 0; i < count; i++) {
    bytes[i * 3073] = labels[i];
    bytes.set(pixels.subarray(i * 3072, (i + 1) * 3072), i * 3073 + 1);
  }
  return bytes;
}

/** Images whose bytes follow from a number. */
export function cifarImages(count: number, salt = 0): LabeledImages {
  const pixels = Uint8Array.from({ length: count * 3072 }, (_, i) => (i * 7 + (i >> 8) + salt * 31) % 256);
  const labels = Uint8Array.from({ length: count }, (_, i) => (i + salt) % 10);
  return { count, channels: 3, rows: 32, columns: 32, pixels, labels };
}

/** A small data set in six files: batches of 1 to 5 images, and 2 to test on. */
export const SMALL_CIFAR: Readonly<Record<Cifar10File, Uint8Array>> = Object.fromEntries(
  CIFAR10_FILES.map((name, i) => [name, encodeCifar(cifarImages(i === 5 ? 2 : i + 1, i))]),
) as Record<Cifar10File, Uint8Array>;

/** An entry of a tar archive, its header made as GNU tar does. @param type '0' for a file, '5' for a folder */
export function tarEntry(name: string, content: Uint8Array, type = '0'): Uint8Array {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100, 'latin1');
  header.write('0000644\0', 100);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(type, 156);
  header.write('ustar  \0', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding]);
}

const end = Buffer.alloc(1024);

/** Entries as a gzipped archive. */
export const tarball = (...entries: readonly Uint8Array[]): Buffer =>
  gzipSync(Buffer.concat([...entries, end]));

/** The archive of the small data set, with what stands beside the six files in the real one. */
export const smallArchive = (): Buffer =>
  tarball(
    tarEntry('cifar-10-batches-bin/', new Uint8Array(0), '5'),
    ...CIFAR10_FILES.map((name) => tarEntry(`cifar-10-batches-bin/${name}`, SMALL_CIFAR[name])),
    tarEntry('cifar-10-batches-bin/batches.meta.txt', Buffer.from('airplane\n')),
  );
