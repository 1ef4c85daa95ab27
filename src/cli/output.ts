/** Prints a note for the person at the terminal on standard error. Standard output holds facts only. */
export function printNote(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Prints facts: as one line of JSON, or one fact per line. */
export function printFacts(facts: object, { json }: { json?: boolean | undefined }): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(facts)}\n`);
    return;
  }
  const width = Math.max(...Object.keys(facts).map((name) => name.length));
  for (const [name, value] of Object.entries(facts)) {
    process.stdout.write(
      `${name.padEnd(width)}  ${typeof value === 'number' ? value.toLocaleString('en') : value}\n`,
    );
  }
}

/** A number with its thousands set apart. */
export function formatCount(count: number): string {
  return count.toLocaleString('en');
}
