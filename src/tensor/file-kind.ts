/** What a file is by its first bytes, and what to do to get the one that was meant. */
export interface FileKind {
  /** As in 'a zip archive'. */
  readonly what: string;
  readonly mend: string;
}

/** As many bytes from the start of a file as tell what it is. */
export const TELLING_BYTES = 512;

const again = 'download the file itself again';
const convert = 'convert it first';
const look = 'look into it: it may be an error message, or data to convert first';

/** First bytes, where a letter is itself and the rest is escaped. */
const SIGNATURES: readonly (readonly [start: string, what: string, mend: string])[] = [
  [
    'version https://git-lfs',
    'a Git LFS pointer in the place of the file',
    "run 'git lfs pull' where it came from",
  ],
  ['PK\x03\x04', 'a zip archive', 'unpack it'],
  ['\x1f\x8b', 'a gzip file', 'unpack it with gunzip'],
  ['BZh', 'a bzip2 file', 'unpack it with bunzip2'],
  ['\xfd7zXZ\0', 'an xz file', 'unpack it with unxz'],
  ['\x28\xb5\x2f\xfd', 'a Zstandard file', 'unpack it with unzstd'],
  ['7z\xbc\xaf\x27\x1c', 'a 7z archive', 'unpack it'],
  ['Rar!', 'a RAR archive', 'unpack it'],
  ['\x89PNG', 'a PNG picture', convert],
  ['\xff\xd8\xff', 'a JPEG picture', convert],
  ['GIF8', 'a GIF picture', convert],
  ['%PDF', 'a PDF document', again],
  ['\x93NUMPY', 'a NumPy array', convert],
  ['\x89HDF', 'an HDF5 file', convert],
  ['PAR1', 'a Parquet file', convert],
  ['MATLAB', 'a MATLAB file', convert],
  ['\0\0\x08', 'an IDX file of unsigned bytes', 'give a file of the kind that was asked for'],
];

const MARKUP: readonly (readonly [start: RegExp, what: string, mend: string])[] = [
  [
    /^\s*<(!doctype html|html|head|body|!--)/i,
    'a web page (HTML)',
    `${again}, not the page that leads to it`,
  ],
  [/^\s*<(\?xml|Error)/, 'XML, as servers answer when they refuse', again],
  [/^\s*[{[]/, 'JSON', look],
  [/^[\t\n\r\x20-\x7e]{4,}$/, 'a text', look],
];

/** A safetensors file begins with its header's length, little-endian, and a '{'. */
const isSafetensors = (start: Uint8Array): boolean =>
  start.length > 8 && start[8] === 0x7b && start.subarray(4, 8).every((byte) => byte === 0);

/** Python's pickle, protocols 2 to 5. */
const isPickle = ([first, second]: Uint8Array): boolean => first === 0x80 && second >= 2 && second <= 5;

const isTar = (start: Uint8Array): boolean => String.fromCharCode(...start.subarray(257, 262)) === 'ustar';

/** What a file is, known by the {@link TELLING_BYTES} at its start; null where they tell nothing. */
export function fileKind(bytes: Uint8Array): FileKind | null {
  const start = bytes.subarray(0, TELLING_BYTES);
  const text = String.fromCharCode(...start);
  for (const [signature, what, mend] of SIGNATURES) if (text.startsWith(signature)) return { what, mend };
  if (isSafetensors(start))
    return { what: 'a safetensors file', mend: 'give a file of the kind that was asked for' };
  if (isPickle(start)) return { what: 'a Python pickle', mend: convert };
  if (isTar(start)) return { what: 'a tar archive', mend: 'unpack it with tar' };
  for (const [pattern, what, mend] of MARKUP) if (pattern.test(text)) return { what, mend };
  return start.length > 0 && start.every((byte) => byte === 0)
    ? { what: 'nothing but zeros', mend: again }
    : null;
}
