/** One event of Chromium's trace; times are in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

/** What has to be traced for {@link longestTask}. */
export const TRACED = ['__metadata', 'toplevel', 'disabled-by-default-devtools.timeline'];

const isTask = ({ name }: TraceEvent): boolean =>
  name === 'RunTask' || name === 'ThreadControllerImpl::RunTask';

/**
 * The longest task of a page's main thread, in seconds.
 * @throws Error when the trace has no task of such a thread.
 */
export function longestTask(trace: string): number {
  const { traceEvents }: { readonly traceEvents: readonly TraceEvent[] } = JSON.parse(trace);
  const key = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(key),
  );
  const tasks = traceEvents.filter((event) => isTask(event) && main.has(key(event)));
  if (tasks.length === 0) throw new Error("the trace has no task of a page's main thread");
  return tasks.reduce((longest, { dur = 0 }) => Math.max(longest, dur), 0) / 1e6;
}
