import type { DataSplit } from '../../data/images.js';
import type { EstimatorBench } from '../../study/estimators/index.js';
import type { LabEvent } from '../shared/training.js';
import type { OwnFiles } from './files/own.js';
import type { Keeper } from './keep/keeper.js';
import type { Runner } from './runner.js';
import type { Session } from './session.js';

/** The worker's state, passed to each call. */
export interface Lab {
  /** null until a session is opened. */
  session: Session | null;
  /** Trains the session. */
  runner?: Runner;
  /** The number of the session that was asked for last. */
  opening?: number;
  /** What keeps checkpoints in the browser; its code is loaded when it is first asked for. */
  keeper?: () => Promise<Keeper>;
  /** The person's files that are not enough for a data set yet. */
  ownFiles?: OwnFiles;
  /** Those of them as they were given. */
  given?: readonly File[];
  /** The data set made of the person's files, and these. */
  ownSplit?: DataSplit;
  files?: readonly File[];
  /** The comparison of estimators under way. */
  comparison?: { readonly id: number; readonly bench: EstimatorBench };
  emit(event: LabEvent): void;
}

/** The session. @throws Error while there is none. */
export function sessionOf(lab: Lab): Session {
  if (lab.session === null) throw new Error('there is no model yet');
  return lab.session;
}
