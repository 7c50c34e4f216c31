import { useEffect, useRef } from 'preact/hooks';

export interface TilesProps {
  /** Image after image, row after row, 0 (black) to 255 (white); null while they are not there. */
  readonly pixels: Uint8Array | null;
  /** How many images there will be, so that their place is kept; one row unless given. */
  readonly count?: number;
  /** How many images stand beside each other. */
  readonly across: number;
  /** Height and width of each image, in its own pixels. */
  readonly rows?: number;
  readonly columns?: number;
  /** What there is to see, for those who do not see it. */
  readonly label: string;
  /** Pixels between images, of the images' own size. */
  readonly gap?: number;
}

/** Images side by side on one canvas, as wide as there is room, each pixel as a square. White on black, as digits are. */
export function Tiles({
  pixels,
  across,
  count: expected = across,
  rows = 28,
  columns = 28,
  label,
  gap = 1,
}: TilesProps) {
  const place = useRef<HTMLCanvasElement>(null);
  const count = pixels === null ? expected : Math.floor(pixels.length / (rows * columns));
  const down = Math.max(1, Math.ceil(count / across));
  const width = across * (columns + gap) - gap;
  const height = down * (rows + gap) - gap;
  useEffect(() => {
    const context = place.current?.getContext('2d');
    if (!context || pixels === null) return;
    const picture = context.createImageData(width, height);
    const words = new Uint32Array(picture.data.buffer);
    for (let image = 0; image < count; image++) {
      const left = (image % across) * (columns + gap);
      const top = Math.floor(image / across) * (rows + gap);
      for (let row = 0; row < rows; row++) {
        const from = (image * rows + row) * columns;
        const to = (top + row) * width + left;
        // The same byte for red, green and blue, and no transparency: in whichever order the machine has them.
        for (let x = 0; x < columns; x++) words[to + x] = 0xff000000 | (pixels[from + x] * 0x010101);
      }
    }
    context.putImageData(picture, 0, 0);
  }, [pixels, across, rows, columns, gap, width, height, count]);
  return (
    <canvas
      ref={place}
      class="pixels tiles"
      role="img"
      aria-label={pixels === null ? `${label}: not there yet` : label}
      width={width}
      height={height}
    />
  );
}
