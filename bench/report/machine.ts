import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { formatBytes, significant } from './format.js';

/** What the figures depend on and a reader cannot guess. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory: number;
  readonly system: string;
  /** Version of the Node that runs the measurements. */
  readonly node: string;
  /** Runnable processes over the last minute, before the run: above 0 the figures have company. */
  readonly load: number;
}

/** @param node version of the Node that measures */
export function machineOf(node: string): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
    system: `${platform()} ${release()}`,
    node,
    load: loadavg()[0],
  };
}

export const formatMachine = ({ cpu, cores, memory, system, node, load }: Machine): string =>
  `${cpu}, ${cores} cores, ${formatBytes(memory)}, ${system}, Node ${node}, load ${significant(load, 2)}`;
