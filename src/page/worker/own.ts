import type { DataSplit } from '../../data/images.js';
import type { OwnFiles } from './files/own.js';
import type { Lab } from './lab.js';

/** A person's own files, and the data set that they make. */
interface Own {
  /** Those that do not make a data set yet. */
  files: OwnFiles;
  split: DataSplit | null;
}

const all = new WeakMap<Lab, Own>();

/** What the person has given to this lab; it may be changed. */
export function ownOf(lab: Lab): Own {
  const known = all.get(lab);
  if (known !== undefined) return known;
  const made: Own = { files: {}, split: null };
  all.set(lab, made);
  return made;
}
