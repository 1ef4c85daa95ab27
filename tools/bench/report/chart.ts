import type { Bar } from './report.ts';

const widthPx = 720;
const rowPx = 30;
const barPx = 18;
const labelPx = 160;
const figurePx = 110;

/** Horizontal bars as SVG, readable on light and dark pages. */
export function barChart(title: string, bars: readonly Bar[], unit: string): string {
  const most = Math.max(...bars.map(({ value }) => value), 1);
  const heightPx = bars.length * rowPx + 10;
  const lines = bars.map((bar, index) => barLine(bar, { unit, most, topPx: 5 + index * rowPx }));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${widthPx} ${heightPx}" role="img" ` +
      'font-family="sans-serif" font-size="13">',
    `<title>${escapeXml(title)}</title>`,
    '<style>text { fill: #57606a } @media (prefers-color-scheme: dark) { text { fill: #c9d1d9 } }</style>',
    ...lines,
    '</svg>\n',
  ].join('\n');
}

function barLine(
  { label, value }: Bar,
  { unit, most, topPx }: { readonly unit: string; readonly most: number; readonly topPx: number },
): string {
  const lengthPx = Math.max(1, Math.round((value / most) * (widthPx - labelPx - figurePx)));
  const textPx = topPx + 14;
  const figure = Math.round(value).toLocaleString('en');
  return [
    `<text x="${labelPx - 10}" y="${textPx}" text-anchor="end">${escapeXml(label)}</text>`,
    `<rect x="${labelPx}" y="${topPx}" width="${lengthPx}" height="${barPx}" rx="2" fill="#2f81f7"/>`,
    `<text x="${labelPx + lengthPx + 8}" y="${textPx}">${figure} ${escapeXml(unit)}</text>`,
  ].join('');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
