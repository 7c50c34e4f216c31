import type { WalkPicture } from '../../shared/walk.js';
import { app } from '../../state/app.js';
import { useAsk } from '../../state/ask.js';
import { Tiles } from '../../ui/tiles.js';
import { chosenWalk, params } from './params.js';

/** Images at hand before all are asked for. */
const AT_HAND = 6;

/** The images of the batch, one of them chosen: some at hand, all on request. */
export function Digits({ picture }: { readonly picture: WalkPicture }) {
  const { value: images } = useAsk('walkImages', app.still ? chosenWalk() : null);
  const { all } = params.value;
  const { batch } = picture;
  const example = Math.min(params.value.example, batch - 1);
  const size = app.image.rows * app.image.columns;
  const count = all ? batch : Math.min(AT_HAND, batch);
  const first = Array.from({ length: count }, (_, i) => i);
  // An image from further on takes the last place.
  const shown = first.includes(example) ? first : [...first.slice(0, -1), example];
  const isCurrent = images !== null && images.walk === picture.walk;
  return (
    <div class="digits">
      <div class={all ? 'batch' : 'row'}>
        {shown.map((i) => (
          <button
            key={i}
            type="button"
            aria-pressed={i === example}
            onClick={() => params.set({ example: i, pixel: null })}
          >
            <Tiles
              pixels={isCurrent ? images.pixels.subarray(i * size, (i + 1) * size) : null}
              across={1}
              {...app.image}
              label={`image ${i}`}
            />
          </button>
        ))}
      </div>
      {batch > AT_HAND && (
        <button type="button" class="quiet" aria-expanded={all} onClick={() => params.set({ all: !all })}>
          {all ? `Only ${AT_HAND}` : `All ${batch} images`}
        </button>
      )}
    </div>
  );
}
