import { type Fields, flagOf, leavesOf, toggle, type Values } from '../../nn/schema/index.js';
import { words } from '../../study/reports/report.js';
import {
  architectureSchema,
  completeConfig,
  presetHelp,
  presetNames,
  presetSetting,
  presetShape,
} from '../../vae/config.js';
import { likelihoods } from '../../vae/likelihoods/likelihood.js';
import { bodies } from '../../vae/parts/body.js';
import { registerBuiltInParts } from '../../vae/parts/built-in.js';
import { conditions } from '../../vae/parts/condition.js';
import { objectives } from '../../vae/parts/objective.js';
import { posteriors } from '../../vae/parts/posterior.js';
import { priors } from '../../vae/parts/prior.js';
import type { PartSpec } from '../../vae/parts/registry.js';
import { specOf } from '../../vae/spec.js';
import { trainingSchema } from '../../vae/training/options.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../errors.js';
import { formatRows } from '../table.js';

const EXAMPLES = `
A model has one part of each kind, and they combine. A part without a flag is for the library.

Examples:
  pathwise models
  pathwise train --preset conditional
  pathwise train --preset latent20 --posterior flow --prior vamp
  pathwise models --json`;

const FLAGS = { json: toggle({ help: 'print one JSON object' }) };

interface PresetLine {
  readonly name: string;
  /** As 'latent20: 784-400-20'. */
  readonly title: string;
  readonly help: string;
  readonly example: string;
}

interface PartLine {
  readonly kind: string;
  readonly name: string;
  readonly doc: string;
  /** What gives a model this part; null where only the library does. */
  readonly flag: string | null;
}

/** Built-in data whose images are like those that a preset is meant for. */
const dataOf = (name: (typeof presetNames)[number]): string =>
  presetShape(name)[0] === 3 ? ' --data glyphs-color' : '';

const presetLines = (): PresetLine[] =>
  presetNames.map((name) => ({
    name,
    title: presetSetting.choices[name],
    help: presetHelp[name],
    example: `pathwise train --preset ${name}${dataOf(name)}`,
  }));

/** The choices of the architecture that a part comes with: what a model of each choice is made of tells. */
function flagsByPart(): ReadonlyMap<string, string> {
  const base = { features: 784, shape: [1, 28, 28], classes: 2, hidden: [2], latent: 2 };
  const flags = new Map<string, string>();
  for (const leaf of leavesOf(architectureSchema)) {
    const [setting] = leaf.path;
    for (const choice of Object.keys(leaf.setting.choices)) {
      const spec = specOf(completeConfig({ ...base, [setting]: choice }));
      for (const [role, part] of Object.entries<PartSpec | null>({ ...spec })) {
        const isOwn = role === setting || (setting === 'body' && role.endsWith('coder'));
        if (isOwn && part !== null) flags.set(`${role} ${part.name}`, `--${flagOf(leaf)} ${choice}`);
      }
    }
  }
  return flags;
}

/** The flags of training that are settings of a part, as an objective is chosen. */
const flagsOf = (settings: Fields): string =>
  leavesOf(trainingSchema)
    .filter(({ path }) => Object.hasOwn(settings, path[0]))
    .map((leaf) => `--${flagOf(leaf)}`)
    .join(' ');

function partLines(): PartLine[] {
  registerBuiltInParts();
  const flags = flagsByPart();
  const registries = [bodies, posteriors, priors, conditions, likelihoods, objectives];
  return registries.flatMap(({ kind, definitions }) =>
    definitions.map(({ name, doc, settings }) => {
      const roles = kind === 'body' ? ['encoder', 'decoder'] : [kind];
      const choices = roles.map((role) => flags.get(`${role} ${name}`)).filter((flag) => flag !== undefined);
      return { kind, name, doc, flag: choices[0] || flagsOf(settings) || null };
    }),
  );
}

function models({ json }: Values<typeof FLAGS>): number {
  const [presets, parts] = [presetLines(), partLines()];
  if (json) {
    console.log(JSON.stringify({ presets, parts }));
    return EXIT.done;
  }
  const tables = [
    formatRows(presets, [words('preset', ({ title }) => title), words('for', ({ help }) => help)]),
    formatRows(parts, [
      words('part', ({ kind, name }) => `${kind} ${name}`),
      words('flag', ({ flag }) => flag ?? '-'),
      words('', ({ doc }) => doc),
    ]),
  ];
  console.log(tables.join('\n\n'));
  return EXIT.done;
}

/** `pathwise models` */
export const modelsCommand = defineCommand({
  name: 'models',
  summary: 'list presets and the parts that models are made of',
  description: 'Lists the presets and the parts of models, each with a line on what it is for.',
  flags: FLAGS,
  examples: EXAMPLES,
  run: models,
});
