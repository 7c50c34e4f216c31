import { chosenExperiment, experiments } from './experiments.js';

/** What the chosen experiment is for, and what to watch. */
export function Goal() {
  const name = chosenExperiment();
  if (name === null) return null;
  const { title, goal, watch } = experiments[name];
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
