import { useCanvas } from './hooks.js';

export interface TilesProps {
  /** Image after image, row after row, 0 (black) to 255 (white); null while they load. */
  readonly pixels: Uint8Array | null;
  /** The expected number of images, to reserve their space. Defaults to one row. */
  readonly count?: number;
  /** Images in a row. */
  readonly across: number;
  /** Pixels of each image. */
  readonly rows?: number;
  readonly columns?: number;
  /** Describes the drawing to a screen reader. */
  readonly label: string;
  /** Image pixels between images. */
  readonly gap?: number;
}

/** Images in a grid on one canvas that fills the width, white on black. */
export function Tiles({
  pixels,
  across,
  count: expected = across,
  rows = 28,
  columns = 28,
  label,
  gap = 1,
}: TilesProps) {
  const count = pixels === null ? expected : Math.floor(pixels.length / (rows * columns));
  const down = Math.max(1, Math.ceil(count / across));
  const width = across * (columns + gap) - gap;
  const height = down * (rows + gap) - gap;
  const draw = (context: CanvasRenderingContext2D): void => {
    if (pixels === null) return;
    const picture = context.createImageData(width, height);
    const words = new Uint32Array(picture.data.buffer);
    for (let image = 0; image < count; image++) {
      const left = (image % across) * (columns + gap);
      const top = Math.floor(image / across) * (rows + gap);
      for (let row = 0; row < rows; row++) {
        const from = (image * rows + row) * columns;
        const to = (top + row) * width + left;
        // Opaque gray is the same in either byte order.
        for (let x = 0; x < columns; x++) words[to + x] = 0xff000000 | (pixels[from + x] * 0x010101);
      }
    }
    context.putImageData(picture, 0, 0);
  };
  const root = useCanvas(draw, [pixels, across, rows, columns, gap, width, height, count]);
  return (
    <canvas
      ref={root}
      class="pixels tiles"
      role="img"
      aria-label={pixels === null ? `${label}: not there yet` : label}
      width={width}
      height={height}
    />
  );
}

/** {@link Tiles} below a caption. */
export function Picture({ caption, ...tiles }: TilesProps & { readonly caption: string }) {
  return (
    <figure>
      <figcaption class="small">{caption}</figcaption>
      <Tiles {...tiles} />
    </figure>
  );
}
