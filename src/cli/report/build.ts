import { describeImage, type LabeledImages } from '../../data/images.js';
import { rows } from '../../nn/schema/index.js';
import { formatCount, formatNats, formatSeconds } from '../../tensor/format.js';
import { architectureSchema, widthsText } from '../../vae/config.js';
import { ACTIVE_VARIANCE } from '../../vae/evaluate.js';
import type { EpochMetrics, Likelihood, VAEConfig } from '../../vae/index.js';
import type { RunConfig } from '../../vae/run/config.js';
import { trainingSchema } from '../../vae/training/options.js';
import type { Evaluated } from '../evaluate/table.js';
import { SHOWN_CLASSES } from '../pictures/scatter.js';
import type { RunPictures } from '../train/pictures.js';
import { chartStyle, lossCurves } from './charts.js';
import { denoisingSection } from './denoising.js';
import { evaluationSection } from './evaluation.js';
import { gradientSection } from './gradients.js';
import { definitions, escapeHtml, type FigureOptions, figure } from './html.js';
import { latentBars } from './latent-bars.js';
import { collapsed, conventions, notStarted } from './notes.js';
import { STYLE } from './style.js';

export interface ReportInput {
  readonly config: RunConfig;
  readonly history: readonly EpochMetrics[];
  readonly pictures: RunPictures;
  readonly likelihood: Likelihood;
  readonly parameters: number;
  /** The training data, such as '4,000 glyphs'. */
  readonly dataTitle: string;
  readonly testImages: LabeledImages;
  /** What `evaluate` has found of the model. */
  readonly evaluations: readonly Evaluated[];
}

/** The page is self-contained and may fetch nothing. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

const likelihoodName = ({ likelihood, sigma, learnSigma }: VAEConfig): string => {
  if (likelihood === 'bernoulli') return 'Bernoulli';
  if (likelihood === 'discretized-logistic') return 'discretized logistic';
  if (learnSigma) return 'Gaussian, σ learned';
  return Math.abs(2 * sigma * sigma - 1) < 1e-9 ? 'Gaussian, σ² = ½' : `Gaussian, σ = ${sigma}`;
};

function facts({ config, history, likelihood }: ReportInput): string {
  const last = history[history.length - 1];
  const seconds = history.reduce((total, epoch) => total + epoch.seconds, 0);
  const shown = last.test ?? last.train;
  const where = last.test === undefined ? 'training' : 'test';
  const entries: [string, string][] = [
    [`Loss (${where})`, `${formatNats(shown.loss)}<small>nats per example</small>`],
    ['Reconstruction', `${formatNats(shown.reconstruction)}<small>${escapeHtml(likelihood.term)}</small>`],
    ['KL', `${formatNats(shown.kl)}<small>nats from the prior</small>`],
  ];
  if (last.test !== undefined) {
    entries.push(['ELBO', `${formatNats(last.test.elbo).replace('-', '−')}<small>nats, at beta 1</small>`]);
    entries.push([
      'Active units',
      `${last.test.activeUnits} of ${config.model.latent}<small>latent dimensions</small>`,
    ]);
  }
  entries.push(['Training', `${formatSeconds(seconds)}<small>${history.length} epochs</small>`]);
  return definitions('facts', entries);
}

function latentCaption(model: VAEConfig, shown: readonly number[], classes: number): string {
  const legend =
    classes > SHOWN_CLASSES ? ` The legend has the first ${SHOWN_CLASSES} of ${classes} classes.` : '';
  const means = `Posterior means of the test examples, coloured by class; each class is named at its median.${legend}`;
  if (model.latent === 1) return `${means} z has one dimension: each row is a class.`;
  if (model.latent === 2) return means;
  return `${means} Of ${model.latent} dimensions, the two along which the means vary most: z${shown[0]} and z${shown[1]}.`;
}

/** Where the codes of the samples come from. */
const DRAWN_FROM: Readonly<Record<VAEConfig['prior'], string>> = {
  standard: 'the prior N(0, I)',
  mixture: 'the prior, a mixture of Gaussians',
  vamp: 'the prior, the posteriors of made-up examples',
  conditional: 'the prior of the class',
};

const samplesCaption = ({ prior, condition }: VAEConfig): string =>
  `New examples: E[x | z] for z drawn from ${DRAWN_FROM[prior]}${condition === 'none' ? '' : ', the classes in turn'}.`;

/** The pictures and, beside or below them, the bars. */
function pictureSection(input: ReportInput): string {
  const { config, pictures, testImages } = input;
  const { manifold, styles } = pictures;
  const figures: readonly FigureOptions[] = [
    {
      title: 'Reconstructions',
      caption: 'Test examples, each above its reconstruction from the posterior mean (nothing is sampled).',
      alt: 'Rows of test images, each above a row of their reconstructions',
      png: pictures.reconstructions,
    },
    {
      title: 'Samples',
      caption: samplesCaption(config.model),
      alt: 'A grid of images generated from random codes',
      png: pictures.samples,
    },
    {
      title: 'Latent space',
      caption: latentCaption(config.model, pictures.shown, new Set(testImages.labels).size),
      alt: 'A scatter of the codes of the test images, coloured by class',
      png: pictures.latent,
      dark: pictures.latentDark,
    },
    ...(styles === null
      ? []
      : [
          {
            title: 'Style and class',
            caption:
              'One style a row: the same draws with each class in turn. What the code holds is kept; the class is not part of it.',
            alt: 'A grid of generated images: along a row the class changes and the style stays',
            png: styles,
          },
        ]),
    ...(manifold === null
      ? []
      : [
          {
            title: 'Manifold',
            caption:
              'E[x | z] on a grid over the plane, in equal steps of probability under N(0, I): z1 grows to the right, z2 upwards.',
            alt: 'A grid of images that change gradually along both axes of the latent space',
            png: manifold,
          },
        ]),
  ];
  const drawn = figures.map(figure).join('');
  const bars = latentFigure(input);
  // Two columns: without a manifold the bars are beside the latent space, otherwise below it.
  return manifold === null
    ? `<div class="pair">${drawn}${bars}</div>`
    : `<div class="pair">${drawn}</div><div class="single">${bars}</div>`;
}

function latentFigure({ history, config, pictures }: ReportInput): string {
  const { test } = history[history.length - 1];
  // A KL of all dimensions together has no bars.
  if (test === undefined || test.klPerDimension.length < config.model.latent) return '';
  const active = pictures.variances.map((variance) => variance > ACTIVE_VARIANCE);
  return `<figure>
<h3>KL of each latent dimension</h3>
${latentBars(test.klPerDimension, active)}
<figcaption>In nats on the test set, the largest first. ${test.activeUnits} of ${config.model.latent} are active: the variance
of the posterior mean over the test set is above ${ACTIVE_VARIANCE}.</figcaption>
</figure>`;
}

function settings({ config, parameters, dataTitle, testImages }: ReportInput): string {
  const { model, training, data } = config;
  const entries: [string, string][] = [
    ['Data', `${escapeHtml(dataTitle)}, ${formatCount(testImages.count)} to test`],
    ['Image', describeImage(testImages).replaceAll('x', '×')],
    ['Parameters', formatCount(parameters)],
    ['Preset', config.preset],
    ...rows(architectureSchema, model),
    ...rows(trainingSchema, training),
  ];
  if (data.source === 'folder') entries.push(['Folder', escapeHtml(data.folder ?? '')]);
  return `<div class="card">${definitions('settings', entries)}
<pre><code>${escapeHtml(config.command)}</code></pre></div>`;
}

/** The report: one self-contained page. */
export function buildReport(input: ReportInput): string {
  const { config, history, likelihood, dataTitle, testImages } = input;
  const title = `VAE ${widthsText(config.model)} on ${dataTitle}`;
  const notes = conventions(config, likelihood, testImages);
  const problem = notStarted(history) ?? collapsed(history);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${chartStyle()}${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${escapeHtml(title)}</h1>
<p class="lead">A variational autoencoder, ${likelihoodName(config.model)} likelihood, beta ${config.training.beta},
${history.length} ${history.length === 1 ? 'epoch' : 'epochs'}.</p>
</header>
${facts(input)}
${problem === null ? '' : `<p class="note bad" role="note">${escapeHtml(problem)}</p>\n`}<h2>Learning</h2>
<p class="note">${notes[0]}</p>
${lossCurves(history, likelihood.term)}
${notes.length > 1 ? `<p class="note" style="margin-top:16px">${notes.slice(1).join(' ')}</p>` : ''}
<h2>Pictures</h2>
<p class="note">Pixels are shown as they are, enlarged but not smoothed.</p>
${pictureSection(input)}
${denoisingSection(config, input.pictures, testImages.count)}${evaluationSection(input.evaluations, { likelihood, latent: config.model.latent })}<h2>Gradient check</h2>
${gradientSection(config.model, config.training.seed)}
<h2>Settings</h2>
<p class="note">The command below repeats this run bit for bit.</p>
${settings(input)}
<footer>Made by Pathwise ${escapeHtml(config.pathwise)}. Curves drawn by uPlot (MIT).</footer>
</main>
</body>
</html>
`;
}
