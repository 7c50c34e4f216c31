import { chosenExperiment, type ExperimentName, experiments } from './experiments.js';

/** What each experiment is for, and what to look at meanwhile. */
const goals: Readonly<
  Record<ExperimentName, { readonly goal: string; readonly watch: readonly [string, string] }>
> = {
  collapse: {
    goal: 'See the posterior collapse: at β = 20 every nat that the code says costs twenty.',
    watch: [
      'The KL stays below 1 nat: at least one way the ellipse is as wide as the prior, whatever you draw.',
      'The reconstruction and all six samples are nearly one and the same blurred digit.',
    ],
  },
  'no-kl': {
    goal: 'See what the KL is for: without it nothing keeps the codes near the prior.',
    watch: [
      'The ellipse shrinks to a point, and the codes spread far beyond the rings of the prior.',
      'Reconstructions are as good as before; the samples, drawn around 0, come from where few codes are.',
    ],
  },
  twenty: {
    goal: 'See how many of twenty dimensions the model uses.',
    watch: [
      'The reconstruction ends well below the gray line, and the KL above it: more room for the code.',
      'Under "z by hand" some dimensions keep a KL near 0 after an epoch, and their sliders change nothing.',
    ],
  },
  'no-trick': {
    goal: 'Take z as a plain draw that has no derivative, and see what the encoder still learns.',
    watch: [
      'The gradient of the reconstruction by the mean is gone; that of the KL is the same.',
      'Its KL falls to 0: nothing tells the encoder to keep digits apart.',
    ],
  },
  annealed: {
    goal: 'Let the weight of the KL rise from 0 over ten epochs: first a code, then its price.',
    watch: [
      'The KL rises to about 20 nats at first, and comes down as its weight goes up.',
      'After ten epochs it is where the gray line is: this model has no plateau that it must be helped over.',
    ],
  },
};

/** What the chosen experiment is for, and what to watch. */
export function Goal() {
  const name = chosenExperiment();
  if (name === null) return null;
  const { title } = experiments[name];
  const { goal, watch } = goals[name];
  return (
    <section class="goal" aria-label={`Experiment: ${title}`}>
      <p>
        <b>{goal}</b> Watch two things:
      </p>
      <ol>
        {watch.map((what) => (
          <li key={what}>{what}</li>
        ))}
      </ol>
    </section>
  );
}
