import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Claim, SendStatus } from '../../src/bill.ts';
import { postponeLookups } from '../../src/db/reads/inDoubt.ts';
import { doubtAbandoned, takeBackAbandoned } from '../../src/db/transitions/claimBatches.ts';
import { claimBills } from '../../src/db/transitions/claimBills.ts';
import { handOffBills } from '../../src/db/transitions/handOffBills.ts';
import { settle } from '../../src/db/transitions/settleBills.ts';
import { ask, inTransaction, untilWaiting } from '../support/ask.ts';
import {
  emptyTables,
  insertBatch,
  insertNotification,
  newDispatcherId,
  newToken,
} from '../support/notifications.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

/**
 * Statements on many rows lock them in ascending order of bill_id, in whatever order they were given. So
 * statements that overlap wait for each other and never deadlock. Each test holds the middle one of three
 * rows: then the first is locked and the last is not.
 */

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

const limits = { claimTtlMs: 1, batchMaxAgeMs: 1, batches: 50 };
function settlementsOf(claims: readonly Claim[]) {
  return {
    settlements: claims.map((claim) => ({ claim, elapsedMs: 1, next: 'SMS' as const })),
    actor: 'a',
  };
}
/** One batch per bill, the last bill's first. */
async function abandon(claims: readonly Claim[]): Promise<void> {
  for (const { billId, token } of claims) {
    await insertBatch(db.database, { token, owner: newDispatcherId(), billIds: [billId] });
  }
}

const statements: Readonly<
  Record<string, { from: SendStatus; run: (claims: readonly Claim[]) => Promise<unknown> }>
> = {
  claim: {
    from: 'PENDING',
    run: (claims) =>
      claimBills(db.database, {
        token: newToken(),
        owner: newDispatcherId(),
        channel: 'EMAIL',
        events: claims.toReversed(),
      }),
  },
  'hand-off': {
    from: 'SENDING',
    run: (claims) => handOffBills(db.database, claims[0]?.token ?? newToken(), { claims, provider: 'test' }),
  },
  settle: { from: 'SENT', run: (claims) => settle(db.database, 'accepted', settlementsOf(claims)) },
  doubt: { from: 'SENT', run: (claims) => settle(db.database, 'unknown', settlementsOf(claims)) },
  'postponed look-ups': {
    from: 'IN_DOUBT',
    run: (claims) =>
      postponeLookups(
        db.database,
        claims.map((claim) => ({ claim, delayMs: 1 })),
      ),
  },
  'take-back': {
    from: 'SENDING',
    run: async (claims) => {
      await abandon(claims);
      return takeBackAbandoned(db.database, limits);
    },
  },
  'doubt of abandoned': {
    from: 'SENT',
    run: async (claims) => {
      await abandon(claims);
      return doubtAbandoned(db.database, limits, 'a');
    },
  },
};

describe('in ascending order of bills lock', () => {
  for (const [name, { from, run }] of Object.entries(statements)) {
    it(name, async () => {
      const oneToken = name === 'hand-off' ? { token: newToken() } : {};
      const claims: Claim[] = [];
      for (let bill = 0; bill < 3; bill++) {
        claims.push(
          await insertNotification(db.database, {
            sendStatus: from,
            ...(from === 'PENDING' ? {} : oneToken),
          }),
        );
      }
      const running = await inTransaction(db.database, async (connection) => {
        await connection.run('select from bill_notification where bill_id = $1 for update', [
          claims[1]?.billId,
        ]);
        const running = run(claims.toReversed());
        await untilWaiting(db.database);
        const free = await ask(
          db.database,
          'select bill_id from bill_notification order by bill_id for update skip locked',
        );
        assert.deepEqual(free, [[claims[2]?.billId]]);
        return { running };
      });
      await running.running;
    });
  }
});
