/** Rows as lines with aligned columns. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce(
    (widest: readonly number[], row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)),
    [],
  );
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}
