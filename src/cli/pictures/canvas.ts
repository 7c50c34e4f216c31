import { encode } from 'fast-png';

/** Red, green and blue, 0 to 255. */
export type Color = readonly [red: number, green: number, blue: number];

/** A point in pixels, y downwards. */
export type Point = readonly [x: number, y: number];

/** `#rrggbb` as a colour. @throws RangeError for anything else. */
export function color(hex: string): Color {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (match === null) throw new RangeError(`color: '${hex}' is not of the form #rrggbb`);
  return [Number.parseInt(match[1], 16), Number.parseInt(match[2], 16), Number.parseInt(match[3], 16)];
}

/** How far (x, y) is from the segment a-b, in pixels. */
function distanceToSegment(x: number, y: number, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length2 = dx * dx + dy * dy;
  const along = length2 === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length2));
  const [fromX, fromY] = [x - ax - along * dx, y - ay - along * dy];
  return Math.sqrt(fromX * fromX + fromY * fromY);
}

/** An RGB picture with anti-aliased discs and strokes. */
export class Canvas {
  readonly data: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
    background: Color,
  ) {
    this.data = new Uint8Array(width * height * 3);
    for (let x = 0; x < width; x++) this.data.set(background, 3 * x);
    for (let y = 1; y < height; y++) this.data.copyWithin(3 * width * y, 0, 3 * width);
  }

  /** Blends a colour into a pixel with coverage `ink`, 0 to 1; ignores pixels outside the picture. */
  blend(x: number, y: number, ink: Color, opacity: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height || opacity <= 0) return;
    const at = 3 * (y * this.width + x);
    for (let c = 0; c < 3; c++) {
      this.data[at + c] = Math.round(this.data[at + c] + (ink[c] - this.data[at + c]) * Math.min(1, opacity));
    }
  }

  /** An axis-aligned rectangle on whole pixels. */
  rectangle(x: number, y: number, width: number, height: number, ink: Color): void {
    for (let row = y; row < y + height; row++) {
      for (let column = x; column < x + width; column++) this.blend(column, row, ink, 1);
    }
  }

  disc(center: Point, radius: number, ink: Color, opacity = 1): void {
    this.stroke([center, center], 2 * radius, ink, opacity);
  }

  /** A polyline with round ends and joins; overlapping parts are drawn once. */
  stroke(points: readonly Point[], width: number, ink: Color, opacity = 1): void {
    const reach = width / 2 + 1;
    const xs = points.map(([x]) => x);
    const ys = points.map(([, y]) => y);
    const right = Math.min(this.width - 1, Math.ceil(Math.max(...xs) + reach));
    const bottom = Math.min(this.height - 1, Math.ceil(Math.max(...ys) + reach));
    for (let y = Math.max(0, Math.floor(Math.min(...ys) - reach)); y <= bottom; y++) {
      for (let x = Math.max(0, Math.floor(Math.min(...xs) - reach)); x <= right; x++) {
        let distance = Number.POSITIVE_INFINITY;
        for (let i = 1; i < points.length; i++) {
          distance = Math.min(distance, distanceToSegment(x + 0.5, y + 0.5, points[i - 1], points[i]));
        }
        // Coverage of a pixel falls from 1 to 0 over one pixel about the edge.
        this.blend(x, y, ink, opacity * Math.max(0, Math.min(1, width / 2 - distance + 0.5)));
      }
    }
  }

  /** One byte per pixel if all pixels are gray, else null. */
  private grays(): Uint8Array | null {
    const { data } = this;
    const gray = new Uint8Array(data.length / 3);
    for (let i = 0; i < gray.length; i++) {
      if (data[3 * i] !== data[3 * i + 1] || data[3 * i] !== data[3 * i + 2]) return null;
      gray[i] = data[3 * i];
    }
    return gray;
  }

  /** The picture as a PNG file, grayscale if possible, which takes a third of the size. */
  png(): Uint8Array {
    const { width, height } = this;
    const gray = this.grays();
    const [data, channels] = gray === null ? [this.data, 3] : [gray, 1];
    return encode({ width, height, data, depth: 8, channels });
  }
}
