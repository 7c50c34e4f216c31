import { defaultDevice, init } from '@jax-js/jax';

/** Starts one device and makes it the default. */
export async function startDevice(device) {
  if (!(await init(device)).includes(device))
    throw new Error(`jax-js: the device '${device}' does not start`);
  defaultDevice(device);
}
