import { perChannel } from '../../src/channels.ts';
import type { Database } from '../../src/db/database.ts';
import { createThrottledLog } from '../../src/log/throttledLog.ts';
import type { LookupAnswer } from '../../src/providers/provider.ts';
import type { SweepDeps } from '../../src/sweeper/sweepDeps.ts';
import { silentLog } from './capturedLog.ts';
import { standardLadder } from './standardLadder.ts';
import { createFakeProvider, onlyProviders } from './testProviders.ts';

/** What a sweep works with. By default all records are consumed, and no provider knows any bill. */
export function sweepDepsOf(
  database: Database,
  {
    lookup = () => Promise.resolve('cannotTell'),
    ...deps
  }: Partial<SweepDeps> & { lookup?: (key: string) => Promise<LookupAnswer> } = {},
): SweepDeps {
  return {
    database,
    providers: onlyProviders(perChannel(() => createFakeProvider({ lookup }))),
    routesToAsk: () => Promise.resolve({ freely: ['EMAIL', 'SMS'], trying: [] }),
    hasConsumed: () => Promise.resolve(true),
    log: silentLog,
    throttledLog: createThrottledLog(silentLog),
    actor: 'sweeper host:1',
    claimTtlMs: 10_000,
    mayJudge: () => true,
    batchMaxAgeMs: 120_000,
    orphanAfterMs: 60_000,
    lookupHorizonMs: 60_000,
    ladder: standardLadder,
    turnLimit: 0.2,
    retransmit: { delayMs: 600_000, maxCycles: 3 },
    retention: { billsDays: 400, journalDays: 400, poisonDays: 90, accessDays: 730, outcomesDays: 30 },
    earlyEventLetterMs: 30_000,
    earlyEventMaxMs: 3_600_000,
    ...deps,
  };
}
