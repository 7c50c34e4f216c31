import { describe, expect, it } from 'vitest';
import { longestTask } from '../../../bench/page/trace.js';

const thread = (pid: number, tid: number, name: string) => ({
  name: 'thread_name',
  ph: 'M',
  pid,
  tid,
  args: { name },
});
const task = (pid: number, tid: number, dur: number, name = 'RunTask') => ({ name, ph: 'X', pid, tid, dur });
const traceOf = (...traceEvents: object[]): string => JSON.stringify({ traceEvents });

describe('longestTask', () => {
  it("is that of a page's main thread, in seconds", () => {
    const trace = traceOf(
      task(1, 2, 4000),
      thread(1, 2, 'CrRendererMain'),
      thread(1, 3, 'DedicatedWorker thread'),
      task(1, 3, 90_000),
      task(7, 2, 80_000),
      task(1, 2, 12_500, 'ThreadControllerImpl::RunTask'),
      task(1, 2, 70_000, 'FunctionCall'),
      { name: 'RunTask', ph: 'B', pid: 1, tid: 2 },
    );
    expect(longestTask(trace)).toBeCloseTo(0.0125, 12);
  });

  it('does not take a trace without tasks for a quick page', () => {
    expect(() => longestTask(traceOf(thread(1, 2, 'CrRendererMain')))).toThrow('no task');
  });
});
