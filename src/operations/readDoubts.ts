import { readDatabaseTime } from '../db/databaseTime.ts';
import {
  countDoubts,
  type DoubtFacts,
  type DoubtKey,
  firstDoubtKey,
  readDoubtPage,
} from '../db/reads/doubtPage.ts';
import { isAskedAbout, providersWithLookup } from './askedAboutDoubts.ts';
import type { OperationDeps } from './operationDeps.ts';

/** A bill in doubt, and what is done about it. */
export interface ShownDoubt extends Omit<DoubtFacts, 'notBefore' | 'provider'> {
  /** When its provider is asked next; null if only a person can find out. */
  readonly nextLookupAt: Date | null;
}

export interface DoubtPage {
  readonly asOf: Date;
  /** The number of bills in doubt, of the month if one is given. */
  readonly total: number;
  /** Bills that are in doubt longest come first. */
  readonly doubts: readonly ShownDoubt[];
  /** Where the next page begins; undefined at the end. */
  readonly next: DoubtKey | undefined;
}

/** One page of the bills in doubt. @param request.month first day of the billing month as `YYYY-MM-DD` */
export async function readDoubts(
  { config, database }: Pick<OperationDeps, 'config' | 'database'>,
  request: {
    readonly after?: DoubtKey | undefined;
    readonly month?: string | undefined;
    readonly limit: number;
  },
): Promise<DoubtPage> {
  const { after = firstDoubtKey, month, limit } = request;
  const asOf = await readDatabaseTime(database);
  const { doubts, last } = await readDoubtPage(database, { after, month, limit });
  const asked = providersWithLookup(config);
  return {
    asOf,
    total: await countDoubts(database, month),
    doubts: doubts.map(({ notBefore, provider, ...doubt }) => ({
      ...doubt,
      nextLookupAt: isAskedAbout(asked, { channel: doubt.channel, provider }) ? later(notBefore, asOf) : null,
    })),
    next: doubts.length < limit ? undefined : last,
  };
}

function later(notBefore: Date | null, now: Date): Date {
  return notBefore !== null && notBefore > now ? notBefore : now;
}
