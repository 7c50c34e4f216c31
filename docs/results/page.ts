import { cards, type Measured, type TrainingName, trainings } from './cards.js';
import type { Done } from './train.js';

/** A training as docs/results/measured.json keeps it. */
export interface Measurement extends Done {
  /** The command that was run: a measurement by another command is out of date. */
  readonly command: string;
  readonly machine: string;
}

/** All trainings that have been measured, by name. */
export type Measurements = Readonly<Partial<Record<TrainingName, Measurement>>>;

/** The commands as a person types them. */
export function commandOf(name: TrainingName): string {
  const { options, epochs, evaluate } = trainings[name];
  const train = `pathwise train --data mnist ${options} --epochs ${epochs}`;
  return evaluate === undefined ? train : `${train} && pathwise evaluate RUN ${evaluate}`;
}

/** Whether a training has been measured as it is described now. */
export const isMeasured = (measurements: Measurements, name: TrainingName): boolean =>
  measurements[name]?.command === commandOf(name);

const INTRODUCTION = `# Results

What each model reaches on MNIST: the 60,000 images to train on, the 10,000 others for the figures, gray pixels, Adam with a
learning rate of 0.001, batches of 128, seed 0. Losses are in nats per image, without the likelihood's constant. Times are those
of training alone.

This page is made by \`npm run results\`, which trains what has not been measured yet, and goes on where it was stopped; \`npm run
results -- NAME\` makes one card, and \`npm run results -- --short\` checks a short form of each within a minute.
`;

const minutes = (seconds: number): string =>
  seconds < 100 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;

/** The text of docs/results.md. Cards whose trainings are not all measured are left out. */
export function resultsPage(measurements: Measurements): string {
  const sections = Object.entries(cards).flatMap(([name, card]) => {
    const { title, about, differs, trainings, figures, picture, claims = [] } = card;
    if (!trainings.every((training) => isMeasured(measurements, training))) return [];
    const found = Object.fromEntries(
      Object.entries(measurements).map(([training, { found }]) => [training, found]),
    ) as Measured;
    const rows = figures.map(({ label, of, published: [value, source] = ['', ''] }) => {
      return `| ${label} | ${of(found).toFixed(2)} | ${value} | ${source} |`;
    });
    const times = trainings.map(
      (training) => `${minutes(measurements[training]?.seconds ?? 0)} (${training})`,
    );
    return [
      `## ${title}`,
      ...(differs === undefined ? [] : [`**The setting differs:** ${differs}`]),
      about,
      ['```sh', ...trainings.map(commandOf), '```'].join('\n'),
      ['| figure | here | others | source |', '|---|---|---|---|', ...rows].join('\n'),
      ...claims.map(
        ([sentence, holds]) => `${sentence} ${holds(found) ? 'It holds.' : '**It does not hold.**'}`,
      ),
      `![Samples of ${picture}](images/results-${name}.png)`,
      `Trained for ${times.join(', ')} on ${measurements[trainings[0]]?.machine}.`,
    ];
  });
  return `${[INTRODUCTION.trim(), ...sections].join('\n\n')}\n`;
}
