import { complete } from '../../../nn/schema/index.js';
import { ofPreset, pageSchema, type Settings } from '../../shared/settings.js';
import { type Address, formatAddress } from '../../state/address.js';
import { app } from '../../state/app.js';

/** Something to try: an address, what it is for, and what to look at meanwhile. */
export interface Experiment {
  readonly title: string;
  readonly goal: string;
  readonly watch: readonly [string, string];
  readonly settings?: Partial<Settings>;
  readonly view?: Address['view'];
  readonly params?: Address['params'];
}

/** The parameter of the address that names the experiment. */
const NAME = 'experiment';

export const experiments: Readonly<Record<string, Experiment>> = {
  collapse: {
    title: 'Collapse: β 20',
    goal: 'See the posterior collapse: at β = 20 every nat that the code says costs twenty.',
    watch: [
      'The KL stays below 1 nat: at least one way the ellipse is as wide as the prior, whatever you draw.',
      'The reconstruction and all six samples are nearly one and the same blurred digit.',
    ],
    settings: { beta: 20 },
  },
  'no-kl': {
    title: 'No KL: β 0',
    goal: 'See what the KL is for: without it nothing keeps the codes near the prior.',
    watch: [
      'The ellipse shrinks to a point, and the codes spread far beyond the rings of the prior.',
      'Reconstructions are as good as before; the samples, drawn around 0, come from where few codes are.',
    ],
    settings: { beta: 0 },
  },
  twenty: {
    title: 'Twenty dimensions',
    goal: 'See how many of twenty dimensions the model uses.',
    watch: [
      'The reconstruction ends well below the gray line, and the KL above it: more room for the code.',
      'Under "z by hand" some dimensions keep a KL near 0 after an epoch, and their sliders change nothing.',
    ],
    settings: { latent: 20 },
  },
  'no-trick': {
    title: 'A sample without the trick',
    goal: 'Take z as a plain draw that has no derivative, and see what the encoder still learns.',
    watch: [
      'The gradient of the reconstruction by the mean is gone; that of the KL is the same.',
      'Its KL falls to 0: nothing tells the encoder to keep digits apart.',
    ],
    view: 'break',
    params: { mutation: 'detach-z' },
  },
  annealed: {
    title: 'An annealed start',
    goal: 'Let the weight of the KL rise from 0 over ten epochs: first a code, then its price.',
    watch: [
      'The KL rises to about 20 nats at first, and comes down as its weight goes up.',
      'After ten epochs it is where the gray line is: this model has no plateau that it must be helped over.',
    ],
    settings: { warmupEpochs: 10 },
  },
};

/** The address of an experiment, from step 0. */
export const addressOfExperiment = (name: string): string => {
  const { view = 'train', settings, params } = experiments[name];
  const { preset } = pageSchema;
  const all = complete(pageSchema, { ...ofPreset(preset.default), ...settings }, 'the page');
  return formatAddress({ view, settings: all, at: 0, params: { ...params, [NAME]: name } });
};

/** The name of the experiment of the address; null for none. */
export const chosenExperiment = (): string | null => {
  const name = app.params[NAME];
  return name !== undefined && Object.hasOwn(experiments, name) ? name : null;
};
