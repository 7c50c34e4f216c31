import {
  type Displacement,
  elementDisplacements,
  randomDisplacements,
} from '../../autograd/gradcheck/displacements.js';
import { Random } from '../../autograd/ops/random.js';
import { complete } from '../../nn/schema/index.js';
import { runThrough } from '../../tensor/run-through.js';
import type { Shape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { LatentVariableModel } from '../../vae/model.js';
import { chooseElements } from './choose.js';
import { differenceAlong, type Gradient, gradientOf, kinksAcross, type ProbeEntry } from './difference.js';
import {
  checkElement,
  checkStep,
  type ProbedTerm,
  type ProbeOptions,
  type ProbeSettings,
  probeSchema,
} from './options.js';
import { subjectOf } from './subject.js';
import { agreesMessage, type Disagreement, disagreement, noiseMessage, type Verdict } from './verdict.js';

/** One gradient of a VAE's objective, checked. */
export interface Probe {
  /** The node or parameter. */
  readonly target: string;
  readonly shape: Shape;
  readonly term: ProbedTerm;
  /** The term at the point, in nats per example. */
  readonly value: number;
  readonly entries: readonly ProbeEntry[];
  /** The largest relative error. */
  readonly worst: number;
  readonly verdict: Verdict;
  readonly passed: boolean;
  /** The verdict in words, with its numbers. */
  readonly message: string;
}

/** A difference that has been taken. */
export interface ProbePart {
  readonly entry: ProbeEntry;
  /** Whether it was taken at another step to explain a disagreement. */
  readonly search: boolean;
}

/** Steps to try before a gradient is called wrong, the most likely first. */
const OTHER_STEPS = [1e-5, 1e-4, 1e-6, 1e-3, 1e-7, 1e-2, 1e-8];

/** Elements to choose where none are given. */
const DEFAULT_COUNT = 12;

/** The displacements at one step. */
function* displacements(
  { subject, value }: Gradient,
  { elements, count, directions }: ProbeSettings,
  step: number,
  random: Random,
): Generator<Displacement> {
  const inputs = [subject.at];
  const held = new Set<number>();
  const chosen = new Set([
    ...elements,
    ...chooseElements(
      value,
      count ?? (elements.length > 0 ? 0 : DEFAULT_COUNT),
      random.stream('probe/elements'),
    ),
  ]);
  yield* elementDisplacements(inputs, { step, held, elements: [[...chosen]] });
  yield* randomDisplacements(inputs, { step, held, directions }, random.stream('probe/directions'));
}

/** Finds the step whose difference is nearest to an entry's gradient. */
function* nearest(
  gradient: Gradient,
  entry: ProbeEntry,
  displacement: Displacement,
  goal: number,
): Generator<ProbePart, ProbeEntry> {
  let best = entry;
  const value = entry.element === null ? 0 : gradient.subject.at.data[entry.element];
  for (const step of OTHER_STEPS) {
    const other = differenceAlong(gradient, { ...displacement, step: step * Math.max(1, Math.abs(value)) });
    yield { entry: other, search: true };
    if (other.error < best.error) best = other;
    if (best.error <= goal) break;
  }
  return best;
}

/**
 * Checks one gradient of a VAE's objective against central differences in float64, at the model's current values:
 * (f(x + h) - f(x - h)) / 2h beside what backpropagation gives, for some elements of one node or parameter. Each difference
 * is yielded, unmodified, so that the caller can do something else in between, and the verdict explains a disagreement: the rules, the
 * step, a kink, or noise that is not held fixed.
 * @param vae float32 or float64; a float32 model is copied to float64, so copy it yourself when you probe it often
 * @param x [batch, features]; few examples, as each element takes two passes
 * @param epsilon [batch, latent]
 * @param target an inner node, as 'mean', 'logvar', 'sigma' or 'z', or the name of a parameter
 * @throws RangeError for a target or option that does not exist or is out of range; ShapeError when shapes do not fit.
 * @example probe(vae, x, epsilon, 'logvar', { term: 'kl' }).message
 */
export function* probeParts(
  vae: LatentVariableModel,
  x: Tensor,
  epsilon: Tensor,
  target: string,
  options: ProbeOptions = {},
): Generator<ProbePart, Probe> {
  const settings = complete(probeSchema, options, 'probe');
  const { step, tolerance, seed } = settings;
  const subject = subjectOf(vae, x, epsilon, target, settings);
  for (const element of settings.elements) checkElement('probe', element, subject.at);
  checkStep('probe', step);
  const gradient = gradientOf(subject);
  const all = [...displacements(gradient, settings, step, new Random(seed))];
  const noisy = subject.twice[0] !== subject.twice[1];
  const entries: ProbeEntry[] = [];
  for (const displacement of all) {
    const found = differenceAlong(gradient, displacement);
    const bends = !noisy && found.error > tolerance;
    const entry = bends ? { ...found, kinks: kinksAcross(subject, displacement) } : found;
    entries.push(entry);
    yield { entry, search: false };
  }
  const found = {
    target,
    shape: subject.at.shape,
    term: subject.term,
    value: gradient.term,
    entries,
    worst: entries.reduce((max, { error }) => Math.max(max, error), 0),
  };
  if (noisy) return { ...found, verdict: 'noise', passed: false, message: noiseMessage(subject, step) };
  const failed: Disagreement[] = [];
  for (const [i, entry] of entries.entries()) {
    if (entry.error <= tolerance) continue;
    failed.push({ entry, best: yield* nearest(gradient, entry, all[i], tolerance) });
  }
  if (failed.length === 0) {
    return { ...found, verdict: 'agrees', passed: true, message: agreesMessage(subject, entries, tolerance) };
  }
  return { ...found, passed: false, ...disagreement(subject, failed, entries.length, tolerance) };
}

/** {@link probeParts}, all at once. */
export const probe = (...args: Parameters<typeof probeParts>): Probe => runThrough(probeParts(...args));
