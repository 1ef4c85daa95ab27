import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { findAcceptedAttempts } from '../../../src/db/reads/acceptedAttempts.ts';
import { readHistory } from '../../../src/db/reads/billHistory.ts';
import { findRecordedBounces } from '../../../src/db/reads/recordedBounces.ts';
import { selectBills } from '../../../src/db/reads/selection.ts';
import type { Selection, Standing } from '../../../src/db/reads/standing.ts';
import { bounceAs } from '../../../src/db/transitions/bounceBills.ts';
import { cancelAs } from '../../../src/db/transitions/cancelBills.ts';
import { resendAs } from '../../../src/db/transitions/resendBills.ts';
import { resolveAs } from '../../../src/db/transitions/resolveBills.ts';
import { retryAs } from '../../../src/db/transitions/retryBills.ts';
import { turnBackAs } from '../../../src/db/transitions/turnBack.ts';
import { ask } from '../../support/ask.ts';
import { plansOf, recordStatements, scannedTables } from '../../support/countedStatements.ts';
import { billIdOf, newToken } from '../../support/notifications.ts';
import { standardLadder } from '../../support/standardLadder.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
const bills = 60_000;

/** Four months; every hundredth bill has failed, half of those by its cipher. */
function fill(): Promise<unknown> {
  return ask(
    db.database,
    `insert into bill select id, 1, date '2026-08-01' + (id % 4) * interval '1 month', 1, 1, 0, 0, 1, 1, 0, null,
       now(), 'o', 'b', 'n' from generate_series(1, ${bills}) id;
     insert into bill_notification (bill_id, member_id, publish_status, send_status, failed_at, reason)
       select id, 1, 'PUBLISHED', case when id % 100 = 0 then 'FAILED' else 'PENDING' end,
         case when id % 100 = 0 then now() end,
         case id % 200 when 0 then 'CIPHER_FAILED' when 100 then 'SMS_REFUSED' end
       from generate_series(1, ${bills}) id;
     analyze`,
  );
}

async function collect(selection: Selection): Promise<Standing[]> {
  return (await Array.fromAsync(selectBills(db.database, selection))).flat();
}

describe(`selecting of ${bills} bills`, () => {
  before(fill);

  it('finds each bill of a month once, in ascending order, page after page', async () => {
    const ids = (await collect({ month: '2026-09-01' })).map(({ billId }) => Number(billId));
    assert.equal(ids.length, bills / 4);
    assert.ok(ids.every((id, index) => id % 4 === 1 && (index === 0 || id > (ids[index - 1] ?? id))));
  });

  it('finds the failed of a reason over all months', async () => {
    const failed = await collect({ reason: 'CIPHER_FAILED', sendStatus: 'FAILED' });
    assert.equal(failed.length, bills / 200);
    assert.ok(failed.every(({ sendStatus, cycle }) => sendStatus === 'FAILED' && cycle === 1));
  });

  it('finds the failed of a reason in a month', async () => {
    const selection = { month: '2026-08-01', reason: 'SMS_REFUSED', sendStatus: 'FAILED' } as const;
    assert.equal((await collect(selection)).length, bills / 200);
    assert.deepEqual(await collect({ ...selection, month: '2026-09-01' }), []);
  });

  it('finds named bills once, whatever their state, and nothing for those without a row', async () => {
    const billIds = [100, 7, 100, bills + 1].map(billIdOf);
    const found = await collect({ billIds, sendStatus: 'FAILED' });
    assert.deepEqual(
      found.map(({ billId, sendStatus }) => [billId, sendStatus]),
      [
        ['7', 'PENDING'],
        ['100', 'FAILED'],
      ],
    );
  });

  it('finds the bills in doubt, those in doubt longest first, by their reason, month and time', async () => {
    const doubt = `update bill_notification set send_status = 'IN_DOUBT', claim_token = gen_random_uuid(),
        handed_off_at = now(), reason = 'OWNER_GONE',
        in_doubt_at = timestamptz '2026-11-25T00:00Z' - bill_id * interval '1 us'`;
    await ask(db.database, `${doubt} where bill_id in (4, 8, 12, 13)`);
    const inDoubt = async (conditions: Selection) =>
      (await collect({ ...conditions, sendStatus: 'IN_DOUBT' })).map(({ billId }) => billId);
    assert.deepEqual(await inDoubt({}), ['13', '12', '8', '4']);
    assert.deepEqual(await inDoubt({ month: '2026-08-01' }), ['12', '8', '4']);
    assert.deepEqual(await inDoubt({ reason: 'TIMEOUT' }), []);
    const midnight = new Date('2026-11-25T00:00Z');
    assert.deepEqual(await inDoubt({ doubtedFrom: midnight }), []);
    assert.deepEqual((await inDoubt({ doubtedBefore: midnight })).length, 4);
    const named = { billIds: [4, 5].map(billIdOf), doubtedBefore: midnight };
    assert.deepEqual(await inDoubt(named), ['4']);
    await ask(
      db.database,
      `update bill_notification set send_status = 'PENDING', claim_token = null, in_doubt_at = null, reason = null
       where send_status = 'IN_DOUBT'`,
    );
  });

  it('finds nothing in a month without bills', async () => {
    assert.deepEqual(await collect({ month: '2020-01-01' }), []);
  });

  it('and moving, and explaining reads no big table from end to end', async () => {
    const { database, asked } = recordStatements(db.database);
    const all = async (selection: Selection) =>
      (await Array.fromAsync(selectBills(database, selection))).flat();
    const failed = await all({ month: '2026-08-01', sendStatus: 'FAILED' });
    await all({ billIds: failed.map(({ billId }) => billId), month: '2026-08-01' });
    await all({ reason: 'CIPHER_FAILED', sendStatus: 'FAILED' });
    await all({ month: '2026-08-01', reason: 'CIPHER_FAILED' });
    await all({ reason: 'CIPHER_FAILED' });
    await all({ sendStatus: 'IN_DOUBT' });
    for (const verdict of ['delivered', 'resend', 'failed'] as const) {
      await resolveAs(database, { verdict, first: 'EMAIL', actor: 'a', reason: 'r' }).make(
        failed.map((standing) => ({ ...standing, token: newToken() })),
        newToken(),
      );
    }
    await retryAs(database, { actor: 'a', first: 'EMAIL' }).make(failed, newToken());
    await cancelAs(database, { actor: 'a' }).make(failed, newToken());
    await turnBackAs(database, { actor: 'a', first: 'EMAIL' }).make(failed, newToken());
    await resendAs(database, { first: 'EMAIL', actor: 'a', reason: 'r' }).make(failed, newToken());
    const evidence = new Map(failed.map(({ billId }) => [billId, [{ providerId: 'p' }]]));
    const accepted = await findAcceptedAttempts(database, evidence);
    await bounceAs(database, { evidence, accepted, ladder: standardLadder, actor: 'a' }).make(
      failed,
      newToken(),
    );
    await findRecordedBounces(
      database,
      failed.map(({ billId }) => billId),
    );
    await readHistory(database, billIdOf(100));
    assert.equal(asked.size, 21, [...asked.keys()].join(' '));
    const scans: string[] = [];
    for (const [name, statement] of asked) {
      for (const plan of await plansOf(database, statement)) {
        for (const table of scannedTables(plan)) {
          if (['bill', 'bill_notification', 'delivery_attempt'].includes(table)) {
            scans.push(`${name} reads ${table}`);
          }
        }
      }
    }
    assert.deepEqual(scans, []);
  });
});
