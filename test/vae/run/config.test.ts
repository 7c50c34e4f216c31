import { describe, expect, it } from 'vitest';
import { imageDataset } from '../../../src/data/dataset.js';
import { drawGlyphs } from '../../../src/data/glyphs/index.js';
import { completeConfig, presets } from '../../../src/vae/index.js';
import { commandOf, parseConfig, type RunConfig, shellWord } from '../../../src/vae/run/config.js';
import { completeSettings } from '../../../src/vae/training/options.js';

const images = imageDataset(drawGlyphs({ count: 1, seed: 0 }));

describe('config.json', () => {
  const about = {
    preset: 'latent20',
    data: { source: 'folder', folder: "/data/it's mine", seed: 3, train: 500, test: null },
    model: completeConfig({
      features: 784,
      hidden: [40, 20],
      latent: 5,
      likelihood: 'gaussian',
      learnSigma: true,
    }),
    training: completeSettings({
      train: images,
      epochs: 4,
      batchSize: 64,
      learningRate: 0.002,
      beta: 0.5,
      warmupEpochs: 2,
      freeBits: 0.1,
      clipNorm: 5,
      binarize: true,
      seed: 3,
    }),
  } as const;
  const config: RunConfig = {
    pathwise: '1',
    command: commandOf(about),
    image: { channels: 3, rows: 28, columns: 28 },
    ...about,
  };

  it('reads back what it wrote', () => {
    const stored = parseConfig(JSON.stringify(config), 'config.json');
    const { command: _, pathwise: __, ...rest } = config;
    expect(stored).toEqual(rest);
  });

  it('takes the images of an older run, which says nothing of channels, for gray', () => {
    const older = JSON.stringify({ ...config, image: { rows: 28, columns: 28 } });
    expect(parseConfig(older, 'config.json').image).toEqual({ channels: 1, rows: 28, columns: 28 });
  });

  it('names what is wrong', () => {
    const broken = JSON.stringify({ ...config, data: { ...config.data, source: 'cifar' } });
    expect(() => parseConfig(broken, 'r/config.json')).toThrow(/r\/config.json.*data.source is "cifar"/);
    const channels = JSON.stringify({ ...config, image: { ...config.image, channels: 2 } });
    expect(() => parseConfig(channels, 'r/config.json')).toThrow('image.channels is 2; expected 1 or 3');
    expect(() => parseConfig('{', 'r/config.json')).toThrow('is not JSON');
  });

  it('holds a command with every unusual setting, in quotes where the shell needs them', () => {
    expect(commandOf(about)).toBe(
      "pathwise train --data '/data/it'\\''s mine' --preset latent20 --hidden 40,20 --latent 5 --likelihood gaussian " +
        '--learn-sigma --epochs 4 --batch-size 64 --learning-rate 0.002 --beta 0.5 --free-bits 0.1 --warmup 2 ' +
        '--clip-norm 5 --binarize --seed 3 --limit 500',
    );
    const usual = completeConfig({ features: 784, ...presets.latent20 });
    const training = completeSettings({ train: images, epochs: 10 });
    const data = { source: 'mnist', folder: null, seed: 0, train: null, test: null } as const;
    expect(commandOf({ preset: 'latent20', data, model: usual, training })).toBe(
      'pathwise train --data mnist --preset latent20',
    );
    expect(shellWord('runs/a-1')).toBe('runs/a-1');
  });
});
