/** A small VAE on handwritten digits, from data to new digits, in sixty lines. Drawn glyphs, or MNIST where MNIST_DIR says. */
import { backward, gather, normal, Random, scope, type Tensor } from 'pathwise';
import { drawGlyphs, imageDataset, take } from 'pathwise/data';
import { Adam } from 'pathwise/nn';
import { loadMnist } from 'pathwise/node';
import { generate, objective, VAE } from 'pathwise/vae';

const BATCH = 64;
const EPOCHS = 4;

const images = process.env.MNIST_DIR ? (await loadMnist()).train : drawGlyphs({ count: 1000, seed: 0 });
const data = take(imageDataset(images), 1000);

const random = new Random(0); // every random number comes from a named stream of this seed
const shuffle = random.stream('shuffle');
const noise = random.stream('epsilon');

const vae = new VAE({ features: data.features, hidden: [64], latent: 8 }, { stream: random.stream('init') });
const adam = new Adam(vae.namedParameters(), { learningRate: 3e-3 });

for (let epoch = 1; epoch <= EPOCHS; epoch++) {
  const order = shuffle.permutation(data.size);
  let loss = 0;
  let kl = 0;
  for (let start = 0; start < data.size; start += BATCH) {
    const x = data.batch(order.subarray(start, start + BATCH), 'float32');
    const epsilon = normal([x.shape[0], vae.config.latent], noise);
    // What a step makes ends with it; only numbers leave.
    scope(() => {
      const terms = objective(vae, x, epsilon); // reconstruction + KL, in nats per example
      adam.step(backward(terms.loss)); // through z = mean + exp(logvar / 2) epsilon
      loss += terms.loss.item() * (x.shape[0] / data.size);
      kl += terms.kl.item() * (x.shape[0] / data.size);
    });
  }
  console.log(`epoch ${epoch}: -ELBO ${loss.toFixed(1)} nats per digit, of which KL ${kl.toFixed(1)}`);
}

/** A 28x28 picture in characters, two rows of pixels to a line. */
function picture(pixels: Tensor): string {
  const rows = Array.from({ length: 14 }, (_, y) =>
    Array.from(
      { length: 28 },
      (_, x) => ' .:-=+*#%@'[Math.min(9, Math.floor(pixels.at(0, 2 * y * 28 + x) * 10))],
    ),
  );
  return rows.map((row) => row.join('').trimEnd()).join('\n');
}

const digits = generate(vae, 2, random.stream('samples'));
console.log('two new digits, decoded from z ~ N(0, 1):');
for (const i of [0, 1]) console.log(picture(gather(digits, { indices: [i] })));
