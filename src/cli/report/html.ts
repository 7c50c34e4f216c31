import type { Column } from '../../study/reports/report.js';

/** Escapes text for HTML. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.codePointAt(0)};`);

/** JSON that is safe inside a script element. */
export const scriptJson = (data: unknown): string => JSON.stringify(data).replaceAll('<', '\\u003c');

/** A PNG as a data URL. */
export const pngUri = (png: Uint8Array): string =>
  `data:image/png;base64,${Buffer.from(png).toString('base64')}`;

/** Width and height of a PNG file, from its header. */
export function pngSize(png: Uint8Array): { width: number; height: number } {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

export interface FigureOptions {
  readonly title: string;
  /** HTML. */
  readonly caption: string;
  readonly alt: string;
  readonly png: Uint8Array;
  /** Shown instead in dark mode. */
  readonly dark?: Uint8Array;
}

/** A picture with a title above and an explanation below it. */
export function figure({ title, caption, alt, png, dark }: FigureOptions): string {
  const { width, height } = pngSize(png);
  const source = dark && `<source media="(prefers-color-scheme: dark)" srcset="${pngUri(dark)}">`;
  return `<figure>
<h3>${escapeHtml(title)}</h3>
<picture>${source ?? ''}<img src="${pngUri(png)}" width="${width}" height="${height}" alt="${escapeHtml(alt)}"></picture>
<figcaption>${caption}</figcaption>
</figure>`;
}

/** A list of names and values; values are HTML. @param kind its class */
export const definitions = (
  kind: string,
  entries: readonly (readonly [name: string, value: string])[],
): string =>
  `<dl class="${kind}">${entries.map(([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${value}</dd></div>`).join('')}</dl>`;

/** A table of texts. */
export function htmlTable<Row>(rows: readonly Row[], columns: readonly Column<NoInfer<Row>>[]): string {
  const line = (tag: string, texts: readonly string[]): string =>
    `<tr>${texts.map((text) => `<${tag}>${escapeHtml(text)}</${tag.slice(0, 2)}>`).join('')}</tr>`;
  const head = line(
    'th scope="col"',
    columns.map(({ title }) => title),
  );
  const body = rows.map((row) =>
    line(
      'td',
      columns.map(({ cell }) => cell(row)),
    ),
  );
  return `<div class="scroll"><table class="evaluation"><thead>${head}</thead><tbody>${body.join('')}</tbody></table></div>`;
}
