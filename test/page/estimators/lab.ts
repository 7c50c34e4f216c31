import type { Part } from '../../../src/page/shared/protocol.js';
import { DEFAULTS } from '../../../src/page/shared/settings.js';
import { estimatorsCalls } from '../../../src/page/worker/calls/estimators.js';
import type { Lab } from '../../../src/page/worker/lab.js';
import { Session } from '../../../src/page/worker/session.js';
import { advance } from '../advance.js';

/** The engine's side of the page, in this process: few digits, `at` steps. */
export function labAt(at: number): Lab {
  const session = new Session({ ...DEFAULTS, count: 256 });
  while (session.at < at) advance(session);
  return { session, emit: () => undefined };
}

/** All parts of a comparison. */
export function comparisonOf(lab: Lab, draws: number, { batch = 16, reference = 512 } = {}) {
  const about = estimatorsCalls.estimatorsBegin(lab, { batch });
  const parts: Part<'estimatorsDraw'>[] = [
    ...estimatorsCalls.estimatorsDraw(lab, { id: about.id, reference, draws }),
  ];
  return { about, parts };
}
