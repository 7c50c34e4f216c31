import type { DataSplit } from '../../data/images.js';
import type { OwnFiles } from './files/own.js';
import type { Lab } from './lab.js';

/** A person's own files, and their data set. */
interface Own {
  /** Files that are not enough for a data set yet. */
  files: OwnFiles;
  split: DataSplit | null;
}

const all = new WeakMap<Lab, Own>();

/** The person's files in this lab; callers may change it. */
export function ownOf(lab: Lab): Own {
  const known = all.get(lab);
  if (known !== undefined) return known;
  const made: Own = { files: {}, split: null };
  all.set(lab, made);
  return made;
}
