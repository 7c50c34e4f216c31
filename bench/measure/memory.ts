import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { graphOf } from '../../src/graph.js';
import { backward, normal, Random, registeredOps, type Tensor, uniform } from '../../src/index.js';
import { Adam } from '../../src/nn.js';
import { sizeOf } from '../../src/tensor/shape.js';
import { objective, type PresetName, presetShape, presets, VAE } from '../../src/vae.js';
import { arenaBytes, scoped } from '../engine.js';
import type { Reading } from '../protocol.js';

export interface MemorySettings {
  readonly preset: PresetName;
  readonly batch: number;
  /** After which steps resident memory is read, ascending. */
  readonly at: readonly number[];
}

/**
 * Bytes that no engine can do without when the backward pass begins: what the derivative rules of the recorded ops
 * read, each tensor once, parameters not counted.
 */
export function leastBytes(loss: Tensor, parameters: ReadonlyMap<string, Tensor>): number {
  const ops = new Map(registeredOps().map((op) => [op.name, op]));
  // Arrays, not tensors: a reshaped tensor shares its array.
  const kept = new Set<Tensor['data']>();
  for (const { op, inputs, value } of graphOf(loss).nodes) {
    const saves = ops.get(op)?.saves ?? [];
    if (saves.includes('output')) kept.add(value.data);
    if (saves.includes('inputs')) for (const input of inputs) kept.add(input.value.data);
  }
  for (const parameter of parameters.values()) kept.delete(parameter.data);
  return [...kept].reduce((total, data) => total + data.byteLength, 0);
}

/** Collects garbage now: what is left is held by something. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}

/**
 * Resident memory in the course of a training on noise; the part of it that is V8's heap, which V8 sizes as it likes; and
 * what is live in that heap.
 */
export function measure({ preset, batch, at }: MemorySettings): Reading[] {
  const before = process.memoryUsage.rss();
  const random = new Random(0);
  const epsilon = random.stream('epsilon');
  const shape = presetShape(preset);
  const features = sizeOf(shape);
  const vae = new VAE({ features, shape, ...presets[preset] }, { stream: random.stream('init') });
  const parameters = vae.namedParameters();
  const adam = new Adam(parameters, { learningRate: 1e-4 });
  const x = uniform([batch, features], random.stream('data'));
  // Gray levels, which every likelihood of a preset takes.
  for (let i = 0; i < x.size; i++) x.data[i] = Math.round(255 * x.data[i]) / 255;
  const collect = collector();
  const readings: [string, number][] = [];
  const resident: number[] = [];
  let least = 0;
  for (let step = 1; step <= (at.at(-1) ?? 0); step++) {
    scoped(() => {
      const { loss } = objective(vae, x, normal([batch, vae.latent], epsilon));
      if (step === 1) least = leastBytes(loss, parameters);
      adam.step(backward(loss, { retainGraph: false }));
    });
    if (!at.includes(step)) continue;
    const { rss, heapTotal } = process.memoryUsage();
    resident.push(rss);
    readings.push([`step ${step}`, rss], [`outside V8, ${step}`, rss - heapTotal]);
    collect();
    readings.push([`live, ${step}`, process.memoryUsage().heapUsed]);
  }
  const held = arenaBytes();
  return [
    {
      row: preset,
      values: {
        before,
        ...Object.fromEntries(readings),
        growth: resident[resident.length - 1] - resident[0],
        peak: process.resourceUsage().maxRSS * 1024,
        // A parameter, its two moments.
        model: 3 * [...parameters.values()].reduce((total, p) => total + p.data.byteLength, 0),
        least,
        ...(held === undefined ? {} : { held }),
      },
    },
  ];
}
