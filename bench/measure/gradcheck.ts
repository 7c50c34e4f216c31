import { gradcheck } from '../../src/check.js';
import {
  isFlat,
  outputsOf,
  pointOf,
  type RandomFunction,
} from '../../test/autograd/gradcheck/random-function.js';
import type { Reading } from '../protocol.js';

export interface GradcheckSettings {
  readonly functions: readonly RandomFunction[];
}

/** How often gradcheck passes a wrong gradient, calls a right one wrong, or leaves one undecided. */
export function measure({ functions }: GradcheckSettings): Reading[] {
  const counts = { right: 0, rightCalledWrong: 0, undecided: 0, wrong: 0, wrongPassed: 0 };
  const start = performance.now();
  for (const of of functions) {
    const x = pointOf(of);
    const { passed, checks } = gradcheck(outputsOf(of, 1), [x]);
    const calledWrong = checks.some(({ verdict }) => verdict === 'wrong');
    counts.right++;
    counts.rightCalledWrong += Number(calledWrong);
    counts.undecided += Number(!passed && !calledWrong);
    if (isFlat(of)) continue;
    counts.wrong++;
    counts.wrongPassed += Number(gradcheck(outputsOf(of), [x]).passed);
  }
  const seconds = (performance.now() - start) / 1000 / (counts.right + counts.wrong);
  return [{ row: 'as it comes', values: { ...counts, seconds } }];
}
