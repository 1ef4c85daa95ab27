import type { Database } from '../../db/database.ts';
import { readOutcomeProgress } from '../../db/outcomes/outcomeSwitch.ts';
import { readOutcomes } from '../../db/outcomes/readOutcomes.ts';
import { sleep } from '../../lib/sleep.ts';
import { documentOf, type OutcomeDocument } from '../../relay/outcomes/outcomeRecord.ts';

export interface FeedRequest {
  /** The last number that the caller has. */
  readonly after: number;
  readonly limit: number;
  /** How long to wait for the next outcome if there is none yet. */
  readonly waitMs?: number | undefined;
}

export type FeedAnswer =
  | {
      readonly kind: 'page';
      readonly items: readonly OutcomeDocument[];
      /** The `after` of the next request. */
      readonly next: number;
      /** The highest number so far. */
      readonly last: number;
    }
  /** Some outcomes behind `after` are deleted: their retention time is over. */
  | { readonly kind: 'gone'; readonly firstKept: number };

const lookEveryMs = 250;

/**
 * The next outcomes by number. A reader who has read one number has read all below it, so the last number is
 * all that it has to remember.
 * @param signal ends the wait
 */
export async function readFeed(
  { database }: { readonly database: Database },
  { after, limit, waitMs = 0 }: FeedRequest,
  signal?: AbortSignal,
): Promise<FeedAnswer> {
  const until = performance.now() + waitMs;
  for (;;) {
    const outcomes = await readOutcomes(database, { after, limit });
    const { last, firstKept = last + 1 } = await readOutcomeProgress(database);
    if (after > 0 && after < firstKept - 1) return { kind: 'gone', firstKept };
    if (outcomes.length > 0 || performance.now() >= until || signal?.aborted) {
      return { kind: 'page', items: outcomes.map(documentOf), next: outcomes.at(-1)?.number ?? after, last };
    }
    await sleep(lookEveryMs, signal);
  }
}
