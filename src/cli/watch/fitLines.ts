import type { WatchLine } from './watchLines.ts';

/**
 * Pure: what a window with so many rows shows. The least important lines are left out first: empty lines,
 * then states without bills. If that is not enough, the last row says how many lines are missing.
 */
export function fitLines(lines: readonly WatchLine[], rows: number): readonly WatchLine[] {
  if (lines.length <= rows) return lines;
  const dense = lines.filter(({ text }) => text !== '');
  if (dense.length <= rows) return dense;
  const telling = dense.filter(({ tone }) => tone !== 'quiet');
  if (telling.length <= rows) return telling;
  const shown = telling.slice(0, Math.max(0, rows - 1));
  const missing = telling.length - shown.length;
  return [...shown, { text: `  ${missing} more lines: make the window taller`, tone: 'bad' }];
}
