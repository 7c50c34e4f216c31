import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

/** TensorFlow.js with one of its backends; the plain one stays registered, for what wasm lacks. */
export async function tensorflow(backend) {
  // It logs to stdout, where the readings go.
  tf.enableProdMode();
  if (backend === 'wasm') {
    const wasm = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
    setWasmPaths(`${dirname(wasm)}/wasm-out/`);
  }
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs: the backend '${backend}' does not start`);
  await tf.ready();
  return tf;
}
