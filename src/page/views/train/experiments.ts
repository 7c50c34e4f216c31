import { complete } from '../../../nn/schema/index.js';
import { DEFAULTS, ofPreset, pageSchema, type Settings } from '../../shared/settings.js';
import { type Address, formatAddress } from '../../state/address.js';
import { app } from '../../state/app.js';

/** Something to try: an address. */
export interface Experiment {
  readonly title: string;
  readonly settings?: Partial<Settings>;
  readonly view?: Address['view'];
  readonly params?: Address['params'];
}

/** The parameter of the address that names the experiment. */
const NAME = 'experiment';

const all = {
  collapse: {
    title: 'Collapse: β 20',
    settings: { beta: 20 },
  },
  'no-kl': {
    title: 'No KL: β 0',
    settings: { beta: 0 },
  },
  twenty: {
    title: 'Twenty dimensions',
    settings: { latent: 20 },
  },
  'no-trick': {
    title: 'A sample without the trick',
    view: 'break',
    params: { mutation: 'detach-z' },
  },
  annealed: {
    title: 'An annealed start',
    settings: { warmupEpochs: 10 },
  },
} satisfies Readonly<Record<string, Experiment>>;

export type ExperimentName = keyof typeof all;
export const experiments: Readonly<Record<ExperimentName, Experiment>> = all;
export const experimentNames = Object.keys(all) as readonly ExperimentName[];

/** The address of an experiment, from step 0. */
export const addressOfExperiment = (name: ExperimentName): string => {
  const { view = 'train', settings, params } = experiments[name];
  const given = { ...ofPreset(DEFAULTS.preset), ...settings };
  return formatAddress({
    view,
    settings: complete(pageSchema, given, 'the page'),
    at: 0,
    params: { ...params, [NAME]: name },
  });
};

/** The experiment of the address; null for none. */
export const chosenExperiment = (): ExperimentName | null =>
  experimentNames.find((name) => name === app.params[NAME]) ?? null;
