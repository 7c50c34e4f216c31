import type { Pictures as PicturesOfRun } from '../../../study/break/pictures.js';
import { Tiles } from '../../ui/tiles.js';

interface Size {
  readonly rows: number;
  readonly columns: number;
}

function Row(props: {
  readonly title: string;
  readonly pixels: Uint8Array;
  readonly count: number;
  readonly image: Size;
}) {
  const { title, pixels, count, image } = props;
  return (
    <figure class="drawn-row">
      <figcaption class="small">{title}</figcaption>
      <Tiles pixels={pixels} across={count} rows={image.rows} columns={image.columns} label={title} />
    </figure>
  );
}

/** Reconstructions of the same test images and samples from the same draws, by both models. */
export function Pictures(props: {
  readonly right: PicturesOfRun | null;
  readonly wrong: PicturesOfRun | null;
  readonly image: Size;
}) {
  const { right, wrong, image } = props;
  if (right === null || wrong === null) return null;
  const common = { count: right.count, image };
  return (
    <div class="card">
      <h3>What they draw</h3>
      <div class="cards">
        <div class="stack drawn">
          <Row title="Test images" pixels={right.originals} {...common} />
          <Row
            title="Right: reconstructed from the posterior mean"
            pixels={right.reconstructions}
            {...common}
          />
          <Row
            title="Wrong: reconstructed from the posterior mean"
            pixels={wrong.reconstructions}
            {...common}
          />
        </div>
        <div class="stack drawn">
          <Row title="Right: drawn from the prior" pixels={right.samples} {...common} />
          <Row title="Wrong: drawn from the prior, the same z" pixels={wrong.samples} {...common} />
        </div>
      </div>
    </div>
  );
}
