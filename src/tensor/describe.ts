/** What a value is, for errors: 'a number', 'an array', 'a Float32Array', 'a Tensor', 'undefined'. */
export function describeValue(x: unknown): string {
  if (x === null || x === undefined) return String(x);
  const kind = Array.isArray(x) ? 'array' : typeof x === 'object' ? (x.constructor?.name ?? '') : typeof x;
  const word = kind === '' || kind === 'Object' ? 'object' : kind;
  return `${/^[aeio]/i.test(word) ? 'an' : 'a'} ${word}`;
}
