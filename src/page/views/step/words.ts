import type { Origin } from '../../../study/by-origin.js';
import type { Arrow } from '../../../study/walk/arrows.js';
import type { TrickMode } from '../../../study/walk/node.js';
import { formatFloat32 } from '../../../tensor/format.js';
import type { NodeSummary } from '../../shared/walk.js';
import { typesetNumber } from '../../ui/number.js';
import { unfoldedParts } from './params.js';

export const ORIGIN_WORDS: Readonly<Record<Origin, string>> = {
  total: 'whole loss L',
  reconstruction: 'reconstruction R',
  kl: 'KL term',
};

/** A float32 in all its digits: equal texts mean equal numbers. */
export const typesetFloat32 = (x: number): string => formatFloat32(x).replaceAll('-', '−');

export const TRICK_WORDS: Readonly<Record<TrickMode, string>> = {
  with: 'with the trick',
  without: 'without the trick',
  score: 'score function',
};

/** What stands at a cut arrow: z is drawn; another number is only taken as one. */
export const whyCut = (to: string): string => (to === 'z' ? 'no derivative of a draw' : 'taken as a number');

/** Whether no gradient is computed by a node that has none: it is given, or taken as a number. Elsewhere its gradient is 0. */
export const hasNoGradient = (role: NodeSummary['role']): boolean =>
  ['data', 'noise', 'constant', 'held'].includes(role);

/** What each node of the picture is to a person. */
const WHAT: Readonly<Record<string, string>> = {
  x: 'The image, one number for each pixel from 0 to 1. The outlined pixel is the one looked at.',
  mean: 'The centre of the cloud of codes that the encoder answers with.',
  logvar: "The logarithm of the cloud's variance. It may be any number; exp makes the variance positive.",
  'logvar-over-2': 'Half of it: exp of this is the standard deviation.',
  sigma: "The cloud's spread, sigma = exp(logvar / 2).",
  epsilon: 'Noise from N(0, 1), drawn beforehand and given as an input: no gradient by it is needed.',
  'sigma-times-epsilon': 'How far from the centre the code is drawn.',
  z: 'The code that is drawn, z = mean + sigma · epsilon.',
  output: 'What the decoder paints from the code: one number for each pixel.',
  reconstruction:
    'How badly the painting fits the image, in nats: R, a sum over pixels and a mean over the batch.',
  'kl-per-element': 'How far the cloud is from N(0, 1) in one dimension, in nats.',
  kl: 'The sum over the dimensions, as a mean over the batch, in nats.',
  'weighted-kl': 'The KL times beta.',
  loss: 'What training makes small: L = R + KL, the KL weighted by beta.',
  'log-q': "The logarithm of the cloud's density at the code that was drawn.",
  'R-as-a-number': 'R of the example as a number: no derivative of the decoder is used.',
  'score-term':
    'R · log q, averaged over the batch. Its value means nothing; its gradient by mean and logvar is, on average, that of R.',
  'R-and-score-term': 'The decoder learns from R, the encoder from the score term.',
};

const HELD_Z =
  'A code drawn from the cloud, as a number: how it was made from mean and sigma is not recorded, so no derivative passes.';

/** What a node is called: a part that is shown as one step has its own name. */
export function titleOf({ id, group, label }: NodeSummary): string {
  const isEnd = group === 'encoder' || id === 'output';
  const isFolded = (group === 'encoder' || group === 'decoder') && !unfoldedParts().includes(group);
  return isEnd && isFolded ? group : label;
}

/** What a node is, in a sentence. */
export function whatIs(node: NodeSummary): string {
  const { id, role, group, doc } = node;
  if (id === 'z' && role === 'held') return HELD_Z;
  if (WHAT[id] !== undefined) return WHAT[id];
  if (role === 'parameter') return 'Learned: training moves it against its gradient.';
  if (titleOf(node) === 'encoder')
    return 'What the encoder has made of the image, before it answers with a cloud.';
  if (group === 'encoder') return 'A step of the encoder.';
  return group === 'decoder' ? 'A step of the decoder.' : doc;
}

/** '0.5' and '1 / 128' as people write them: '1/2' and '1/128'. */
const fraction = (text: string): string => (text === '0.5' ? '1/2' : text.replace(' / ', '/'));

/** The local derivative as it stands on an arrow: '× epsilon = −0.96'. */
export function onArrow({ text, value }: NonNullable<Arrow['local']>, digits = 3): string {
  if (text !== null && /^[\d. /]+$/.test(text)) return `× ${fraction(text)}`;
  const number = typesetNumber(value, digits);
  return text !== null && /^[\w ]+$/.test(text) ? `× ${text} = ${number}` : `× ${number}`;
}
