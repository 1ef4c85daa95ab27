import type { SuppressionBook } from '../consumer/pipeline/suppressionBook.ts';
import type { Database } from '../db/database.ts';
import { wordsOf } from '../db/statementFault.ts';
import { selectSuppressedMembers } from '../db/suppressions.ts';
import { sleep } from '../lib/sleep.ts';
import type { Logger } from '../log/log.ts';
import { createOutage } from '../log/outage.ts';

/** Keeps the suppression list of this process up to date. */
export interface SuppressionReader {
  /** Resolves when the whole list is read: nothing is claimed before. */
  start(): Promise<void>;
  /** May be called twice. */
  stop(): Promise<void>;
}

const everyMs = 10_000;
/** An entry may be committed some time after the date in it, so this much is read again. */
const overlapMs = 120_000;
const entriesPerPage = 20_000;

export function createSuppressionReader(deps: {
  readonly database: Database;
  readonly book: SuppressionBook;
  readonly log: Logger;
}): SuppressionReader {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  return {
    async start() {
      await readInto(deps, null);
      running ??= refresh(deps, stopping.signal);
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

type Deps = Parameters<typeof createSuppressionReader>[0];

async function refresh(deps: Deps, signal: AbortSignal): Promise<void> {
  const outage = createOutage(deps.log, 'suppressions', { wordsOf });
  let readAt = performance.now();
  while (!signal.aborted) {
    await sleep(everyMs, signal);
    if (signal.aborted) return;
    const now = performance.now();
    try {
      await readInto(deps, now - readAt + overlapMs);
      readAt = now;
      outage.succeeded();
    } catch (error) {
      outage.failed(error);
    }
  }
}

async function readInto({ database, book }: Deps, sinceMs: number | null): Promise<void> {
  for (let after = '0', found = entriesPerPage; found === entriesPerPage; ) {
    const entries = await selectSuppressedMembers(database, { after, limit: entriesPerPage, sinceMs });
    for (const { channel, memberId } of entries) book.add(channel, memberId);
    found = entries.length;
    after = entries.at(-1)?.id ?? after;
  }
}
