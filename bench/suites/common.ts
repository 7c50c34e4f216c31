import { LIMIT, limitOf, OURS } from '../report/comparison.js';
import type { Context, Job, Peer, Who } from '../suite.js';

/** 1 and all cores. */
export const threadCounts = (cores: number): readonly number[] => [...new Set([1, cores])];

/** Ours, with the engine's threads set from outside. */
export const oursWith = (threads: number): Who => ({
  family: OURS,
  name: `${OURS}, PATHWISE_THREADS ${threads}`,
  threads,
});

/** Ours as it comes. */
export const ours: Who = { family: OURS, name: OURS, threads: 1 };

/** The ceiling on one thread and on all, measured among the others. */
export const limitJob = (context: Context, seconds: number): Job => ({
  who: limitOf(context.cores),
  command: context.ours(LIMIT, { seconds, threads: threadCounts(context.cores) }),
});

/** A part of ours on one thread and on all. */
export const oursByThreads = (context: Context, part: string, settings: object): Job[] =>
  threadCounts(context.cores).map((threads) => ({
    who: oursWith(threads),
    command: context.ours(part, settings, { PATHWISE_THREADS: String(threads) }),
  }));

/** A suite's part of all peers that have it, or the part of another one; settings may depend on who it is. */
export const peerJobs = (
  context: Context,
  suite: string,
  settings: (peer: Peer) => object,
  part = suite,
): Job[] =>
  context.peers
    .filter(({ suites }) => suites.includes(suite))
    .map((peer) => ({ who: peer.who, command: peer.command(part, settings(peer)) }));
