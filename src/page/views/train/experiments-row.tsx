import { addressOfExperiment, chosenExperiment, experimentNames, experiments } from './experiments.js';

/** The experiments, each an address. */
export function Experiments() {
  const chosen = chosenExperiment();
  return (
    <nav class="experiments" aria-label="Experiments">
      <span class="soft small">Experiments</span>
      {experimentNames.map((name) => (
        <a
          key={name}
          class="button"
          href={addressOfExperiment(name)}
          aria-current={name === chosen ? 'true' : undefined}
        >
          {experiments[name].title}
        </a>
      ))}
    </nav>
  );
}
