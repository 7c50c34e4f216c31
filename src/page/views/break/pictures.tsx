import type { Pictures as PicturesOfRun } from '../../../study/break/pictures.js';
import type { ImageShape } from '../../shared/training.js';
import { Card } from '../../ui/card.js';
import { Picture } from '../../ui/tiles.js';

/** Reconstructions of the same test images and samples from the same draws, by both models. */
export function Pictures(props: {
  readonly right: PicturesOfRun | null;
  readonly wrong: PicturesOfRun | null;
  readonly image: ImageShape;
}) {
  const { right, wrong, image } = props;
  if (right === null || wrong === null) return null;
  const rowOf = (title: string, pixels: Uint8Array) => (
    <Picture caption={title} label={title} pixels={pixels} across={right.count} {...image} />
  );
  return (
    <Card title="What they draw">
      <div class="cards">
        <div class="stack drawn">
          {rowOf('Test images', right.originals)}
          {rowOf('Right: reconstructed from the posterior mean', right.reconstructions)}
          {rowOf('Wrong: reconstructed from the posterior mean', wrong.reconstructions)}
        </div>
        <div class="stack drawn">
          {rowOf('Right: drawn from the prior', right.samples)}
          {rowOf('Wrong: drawn from the prior, the same z', wrong.samples)}
        </div>
      </div>
    </Card>
  );
}
