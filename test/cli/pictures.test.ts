import fc from 'fast-check';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { Canvas, color } from '../../src/cli/pictures/canvas.js';
import { drawText, textWidth } from '../../src/cli/pictures/lettering.js';
import { classColors, scatter, spread } from '../../src/cli/pictures/scatter.js';
import { squareGrid, tiles, tilesSize } from '../../src/cli/pictures/tiles.js';
import { palettes, type Theme } from '../../src/data/class-colors.js';
import { Tensor } from '../../src/tensor/tensor.js';

const white = color('#ffffff');
const black = color('#000000');
const pixel = (canvas: Canvas, x: number, y: number): number[] =>
  Array.from(canvas.data.subarray(3 * (y * canvas.width + x), 3 * (y * canvas.width + x) + 3));

describe('Canvas', () => {
  it('covers a disc in proportion to its area', () => {
    const canvas = new Canvas(41, 41, white);
    canvas.disc([20.5, 20.5], 10, black);
    const ink = canvas.data.reduce((total, v) => total + (255 - v), 0) / (3 * 255);
    expect(Math.abs(ink - Math.PI * 100)).toBeLessThan(2);
    expect(pixel(canvas, 20, 20)).toEqual([0, 0, 0]);
    expect(pixel(canvas, 5, 5)).toEqual([255, 255, 255]);
  });

  it('ignores what lies outside', () => {
    const canvas = new Canvas(4, 4, white);
    canvas.disc([-100, 200], 3, black);
    canvas.rectangle(3, 3, 10, 10, black);
    expect(pixel(canvas, 3, 3)).toEqual([0, 0, 0]);
    expect(pixel(canvas, 2, 3)).toEqual([255, 255, 255]);
  });

  it('writes PNG that gives its pixels back', () => {
    const canvas = new Canvas(3, 2, [10, 20, 30]);
    const png = decode(canvas.png());
    expect([png.width, png.height, png.channels]).toEqual([3, 2, 3]);
    expect(Array.from(png.data)).toEqual(Array.from(canvas.data));
  });

  it('refuses a colour of another form', () => {
    expect(() => color('red')).toThrow("'red' is not of the form #rrggbb");
  });
});

describe('drawText', () => {
  it('keeps within its width and height', () => {
    const canvas = new Canvas(300, 60, white);
    drawText(canvas, '0123456789-.z', [20, 30], { size: 20, ink: black });
    const width = textWidth('0123456789-.z', 20);
    let [left, right, top, bottom] = [300, 0, 60, 0];
    for (let y = 0; y < 60; y++) {
      for (let x = 0; x < 300; x++) {
        if (pixel(canvas, x, y)[0] > 128) continue;
        [left, right] = [Math.min(left, x), Math.max(right, x)];
        [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
      }
    }
    expect(left).toBeGreaterThanOrEqual(17);
    expect(right).toBeLessThanOrEqual(20 + width + 3);
    expect(Math.abs(top - 19)).toBeLessThanOrEqual(1);
    expect(Math.abs(bottom - 40)).toBeLessThanOrEqual(1);
  });

  it('names a letter it does not have', () => {
    expect(() => textWidth('7k', 10)).toThrow("no letter 'k'");
  });
});

describe('tiles', () => {
  const image = { rows: 2, columns: 3 };

  it('puts pixels where they belong, cut off at black and white', () => {
    const images = new Tensor(Float32Array.from([0, 0.5, 1, -4, 9, 0, ...new Array(6).fill(1)]), [2, 6]);
    const canvas = tiles(images, { rows: 1, columns: 2, image, scale: 2, gap: 1 });
    expect([canvas.width, canvas.height]).toEqual([15, 6]);
    expect(pixel(canvas, 1, 1)[0]).toBe(0);
    expect(pixel(canvas, 3, 2)[0]).toBe(128);
    expect(pixel(canvas, 6, 1)[0]).toBe(255);
    expect(pixel(canvas, 1, 3)[0]).toBe(0);
    expect(pixel(canvas, 3, 4)[0]).toBe(255);
    expect(pixel(canvas, 0, 0)).not.toEqual([0, 0, 0]);
  });

  it('draws colour from three planes, of any size', () => {
    const side = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(
        side,
        side,
        fc.integer({ min: 1, max: 3 }),
        fc.infiniteStream(fc.nat(255)),
        (rows, columns, scale, bytes) => {
          const plane = rows * columns;
          const source = Array.from({ length: 2 * 3 * plane }, () => bytes.next().value ?? 0);
          const images = new Tensor(
            Float32Array.from(source, (v) => v / 255),
            [2, 3 * plane],
          );
          const shape = { channels: 3, rows, columns };
          const canvas = tiles(images, { rows: 1, columns: 2, image: shape, scale, gap: 1 });
          for (let i = 0; i < 2; i++) {
            for (let p = 0; p < plane; p++) {
              const x = 1 + i * (columns * scale + 1) + (p % columns) * scale;
              const y = 1 + Math.floor(p / columns) * scale;
              const wanted = [0, 1, 2].map((c) => source[(3 * i + c) * plane + p]);
              expect(pixel(canvas, x, y)).toEqual(wanted);
              expect(pixel(canvas, x + scale - 1, y + scale - 1)).toEqual(wanted);
            }
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('draws the same of three equal planes as of gray', () => {
    const gray = Float32Array.from([0, 0.25, 0.5, 0.75, 0.9, 1]);
    const three = new Tensor(Float32Array.of(...gray, ...gray, ...gray), [1, 18]);
    const layout = { rows: 1, columns: 1, image };
    const colored = tiles(three, { ...layout, image: { ...image, channels: 3 } });
    expect(colored.png()).toEqual(tiles(new Tensor(gray, [1, 6]), layout).png());
  });

  it.each([
    [85, 3],
    [100, 2],
    [300, 1],
  ])('enlarges images of %i pixels %i times', (side, scale) => {
    const size = tilesSize({ rows: 2, columns: 5, image: { rows: 20, columns: side }, gap: 0 });
    expect(size).toEqual({ width: 5 * side * scale, height: 2 * 20 * scale });
  });

  it('sets pairs of rows apart', () => {
    const plain = tilesSize({ rows: 6, columns: 1, image });
    const pairs = tilesSize({ rows: 6, columns: 1, image, together: 2 });
    expect(pairs.height - plain.height).toBe(24);
  });

  it('refuses images of another size', () => {
    expect(() => tiles(Tensor.empty([1, 5], 'float32'), { rows: 1, columns: 1, image })).toThrow(
      '2 x 3 have 6',
    );
    const two = { ...image, channels: 2 };
    expect(() => tiles(Tensor.empty([1, 12], 'float32'), { rows: 1, columns: 1, image: two })).toThrow(
      'got 2 channels; a picture is gray (1) or in colour (3)',
    );
  });

  it('finds a grid for any number', () => {
    for (let n = 1; n < 50; n++) {
      const { rows, columns } = squareGrid(n);
      expect(rows * columns).toBeGreaterThanOrEqual(n);
      expect((rows - 1) * columns).toBeLessThan(n);
    }
  });
});

/** OKLab of a colour as an eye with a deficiency sees it: the matrices of Machado et al. (2009), severity 1. */
const VISION: Record<string, number[][]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

function seen(rgb: readonly number[], matrix: readonly number[][]): number[] {
  const linear = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  const [r, g, b] = matrix.map((row) =>
    Math.max(
      0,
      Math.min(
        1,
        row.reduce((t, w, i) => t + w * linear[i], 0),
      ),
    ),
  );
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

describe('the palette', () => {
  const themes: Theme[] = ['light', 'dark'];
  const cases = themes.flatMap((theme) => Object.keys(VISION).map((eye) => [theme, eye] as const));

  it.each(cases)('keeps ten classes apart: %s, %s', (theme, eye) => {
    const labs = classColors(10, theme).map((rgb) => seen(rgb, VISION[eye]));
    const distances = labs.flatMap((a, i) =>
      labs.slice(0, i).map((b) => Math.hypot(...a.map((v, k) => v - b[k]))),
    );
    expect(distances).toHaveLength(45);
    expect(Math.min(...distances)).toBeGreaterThan(0.1);
  });

  it('has a colour for each of many classes', () => {
    expect(palettes.light).toHaveLength(10);
    const many = classColors(26);
    expect(new Set(many.map(String)).size).toBe(26);
    expect(many.flat().every((v) => Number.isInteger(v) && v >= 0 && v <= 255)).toBe(true);
  });
});

describe('scatter', () => {
  it('shows every class in its colour, on either ground', () => {
    const classes = Uint8Array.from({ length: 300 }, (_, i) => i % 3);
    const x = Array.from(classes, (c, i) => c + (i % 7) / 20);
    const y = Array.from(classes, (c, i) => -c + (i % 5) / 20);
    for (const theme of ['light', 'dark'] as const) {
      const canvas = scatter({ x, y, classes, axes: ['1', '2'] }, theme);
      const found = new Set<string>();
      for (let i = 0; i < canvas.data.length; i += 3) found.add(canvas.data.subarray(i, i + 3).join());
      for (const ink of classColors(3, theme)) expect(found).toContain(ink.join());
    }
  });

  it('moves labels apart, and those that have room not at all', () => {
    const [a, b, c] = spread(
      [
        [10, 10],
        [10, 10],
        [500, 500],
      ],
      50,
    );
    expect(Math.hypot(a[0] - b[0], a[1] - b[1])).toBeCloseTo(50, 6);
    expect(c).toEqual([500, 500]);
    const row = spread(
      [
        [0, 0],
        [20, 3],
        [35, -4],
      ],
      50,
    );
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ]) {
      expect(Math.hypot(row[i][0] - row[j][0], row[i][1] - row[j][1])).toBeGreaterThan(49);
    }
  });

  it('says how many classes its legend leaves out', () => {
    const pictureOf = (count: number, last: number) => {
      const classes = Uint8Array.from({ length: count }, (_, i) => (i === count - 1 ? last : i));
      return scatter({ x: classes, y: classes, classes, axes: ['1', '2'] });
    };
    /** Whether anything is drawn beside the plot in a row of the legend. */
    const isDrawn = ({ data, width }: Canvas, row: number): boolean => {
      const [from, to] = [24 + 26 + 46 * row - 20, 24 + 26 + 46 * row + 20];
      for (let y = from; y < to; y++) {
        for (let x = 1120; x < width; x++) if (data[3 * (y * width + x)] !== 255) return true;
      }
      return false;
    };
    expect([19, 20, 21].map((row) => isDrawn(pictureOf(20, 19), row))).toEqual([true, false, false]);
    expect([19, 20, 21].map((row) => isDrawn(pictureOf(30, 29), row))).toEqual([true, true, false]);
    expect(pictureOf(30, 29).png()).not.toEqual(pictureOf(31, 30).png());
  });

  it('survives one point, and values that are all alike', () => {
    const one = scatter({ x: [0.5], y: [2], classes: [7], axes: ['1', ''] });
    expect(one.width).toBe(one.height);
    expect(() => scatter({ x: [], y: [], classes: [], axes: ['1', '2'] })).toThrow('no points');
  });
});
