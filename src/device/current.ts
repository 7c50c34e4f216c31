import { type BackendName, type Device, plainDevice } from './device.js';
import { limit } from './limit.js';
import { simdDevice } from './wasm/device.js';

const isName = (name: unknown): name is BackendName => name === 'simd' || name === 'plain';

function select(name: unknown, who: string): Device {
  if (!isName(name)) {
    throw new RangeError(`${who}: there is no backend '${String(name)}'; there are 'simd' and 'plain'`);
  }
  if (name === 'plain') return plainDevice;
  const made = simdDevice();
  // Where kernels cannot run the plain ones do: slower, nothing else differs.
  return typeof made === 'string' ? { ...plainDevice, limits: [limit('Plain kernels compute', made)] } : made;
}

/** PATHWISE_BACKEND, where there is an environment. */
const requested = typeof process === 'undefined' ? undefined : process.env?.PATHWISE_BACKEND;

let current: Device | undefined;

/**
 * The device in use. Defaults to 'simd' where its kernels can run, else `limits` says why they cannot; `setBackend` and
 * PATHWISE_BACKEND choose another.
 * @throws RangeError when PATHWISE_BACKEND is an unknown name.
 */
export function backend(): Device {
  current ??= select(requested || 'simd', 'PATHWISE_BACKEND');
  return current;
}

/** Takes a device for all ops from now on. */
export function useDevice(device: Device): void {
  current = device;
}

/**
 * Chooses the device for all ops from now on. Where the kernels of 'simd' cannot run, plain ones stand in.
 * @throws RangeError for an unknown name.
 */
export function setBackend(name: BackendName): void {
  useDevice(select(name, 'setBackend'));
}
