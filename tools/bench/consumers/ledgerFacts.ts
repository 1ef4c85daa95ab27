import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** One acceptance by the provider. */
interface Accepted {
  readonly billId: string;
  readonly atMs: number;
}

const acceptance = z.object({ billId: z.number(), at: z.iso.datetime() });

/** What the provider has accepted, in order. An incomplete last line is ignored. */
export async function readAccepted(ledgerFile: string): Promise<Accepted[]> {
  const text = await readFile(ledgerFile, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => (line.endsWith('}') ? [parse(line)] : []));
}

/** Counts the acceptances without parsing them, since it is called during the measurement. */
export async function countAccepted(ledgerFile: string): Promise<number> {
  const bytes = await readFile(ledgerFile).catch(() => Buffer.alloc(0));
  let count = 0;
  for (let at = bytes.indexOf('\n'); at !== -1; at = bytes.indexOf('\n', at + 1)) count++;
  return count;
}

function parse(line: string): Accepted {
  const { billId, at } = acceptance.parse(JSON.parse(line));
  return { billId: String(billId), atMs: Date.parse(at) };
}

/** Acceptances per second since the first was sent, `delayMs` before its acceptance. */
export function rateOf(accepted: readonly Accepted[], delayMs: number): number {
  const first = accepted[0]?.atMs ?? 0;
  const last = accepted.at(-1)?.atMs ?? 0;
  return (accepted.length * 1_000) / Math.max(1, last - first + delayMs);
}
