import type { Database } from '../../src/db/database.ts';
import type { LookupAnswer } from '../../src/send/provider.ts';
import type { SweepParts } from '../../src/sweeper/sweep.ts';
import { createTally } from '../../src/tally.ts';
import { silentLog } from './capturedLog.ts';
import { createFakeProvider } from './providers.ts';

/** What a sweep works with, where everything was consumed and no provider can tell, unless the test says so. */
export const sweepPartsOf = (
  database: Database,
  {
    lookup = () => Promise.resolve('cannotTell'),
    ...parts
  }: Partial<SweepParts> & { lookup?: (key: string) => Promise<LookupAnswer> } = {},
): SweepParts => ({
  database,
  providers: { EMAIL: createFakeProvider({ lookup }), SMS: createFakeProvider({ lookup }) },
  channelsToAsk: () => Promise.resolve({ freely: ['EMAIL', 'SMS'], trying: [] }),
  hasConsumed: () => Promise.resolve(true),
  log: silentLog,
  tally: createTally(silentLog),
  actor: 'sweeper host:1',
  claimTtlMs: 10_000,
  mayJudge: () => true,
  batchMaxAgeMs: 120_000,
  orphanAfterMs: 60_000,
  lookupHorizonMs: 60_000,
  retransmitMaxCycles: 3,
  retention: { billsDays: 400, journalDays: 400, poisonDays: 90 },
  earlyEventLetterMs: 30_000,
  earlyEventMaxMs: 3_600_000,
  ...parts,
});
