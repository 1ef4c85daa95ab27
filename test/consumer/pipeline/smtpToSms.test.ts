import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { BillId } from '../../../src/bill.ts';
import { perChannel } from '../../../src/channels.ts';
import type { RenderPool } from '../../../src/pool/renderPool.ts';
import { ask } from '../../support/ask.ts';
import { emptyTables } from '../../support/notifications.ts';
import { startRawSmtp } from '../../support/rawSmtp.ts';
import { allDone, recordOf } from '../../support/records.ts';
import { createTestSmtp, encodeForTest } from '../../support/smtpProviders.ts';
import { createFakeRenderPool, createTestPipeline } from '../../support/testPipeline.ts';
import { createFakeProvider } from '../../support/testProviders.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

const troubles = ['unknown-user', 'policy', 'silent', 'closing', 'greylisted'] as const;

/** One bill in 25 for each kind of trouble. The others are fine. */
function addressOf(billId: BillId): string {
  return `${troubles[Number(billId) % 25] ?? 'fine'}.${billId}@example.kr`;
}

function repliesFor(to: string) {
  if (to.startsWith('unknown-user')) return { rcpt: '550 5.1.1 user unknown' };
  if (to.startsWith('policy')) return { message: '550 5.7.1 on our block list' };
  if (to.startsWith('closing')) return { message: '421 4.4.2 closing' };
  return to.startsWith('greylisted') ? { rcpt: '451 4.7.1 greylisted' } : {};
}

const renderPool: RenderPool = {
  ...createFakeRenderPool(),
  render: async (_route, bills) =>
    bills.map(({ bill: { claim } }) => {
      const to = addressOf(claim.billId);
      const parts = { html: Buffer.from('<p>청구서</p>'), text: Buffer.from('청구서') };
      return {
        kind: 'encoded',
        to,
        body: encodeForTest({ kind: 'email', to, subject: '청구서', ...parts }, claim),
      };
    }),
};

describe('bills through a mail server', () => {
  it('turn to SMS only if the address was refused, and none is sent twice', async () => {
    const server = await startRawSmtp({
      repliesFor,
      messageDelayMs: (to) => (to.startsWith('silent') ? undefined : 0),
    });
    const smtp = createTestSmtp(`smtp://127.0.0.1:${server.port}?tls=off`, {
      sendTimeoutMs: 2_000,
      replyTimeoutMs: 2_500,
    });
    const sms = createFakeProvider();
    const pipeline = await createTestPipeline(db.database, {
      providers: { ...perChannel(() => sms), EMAIL: smtp },
      renderPool,
    });
    const count = 500;
    await ask(
      db.database,
      `insert into bill_notification (bill_id, member_id, publish_status)
       select id, 7, 'PUBLISHED' from generate_series(1, ${count}) id`,
    );
    const records = Array.from({ length: count }, (_, index) => recordOf(String(index + 1) as BillId));
    pipeline.receive('EMAIL', records);
    await allDone(records);
    await pipeline.stop();
    await smtp.stop();
    await server.close();

    const rows = await ask<[string, string, string, string | null, boolean, number]>(
      db.database,
      `select case bill_id % 25 when 0 then 'unknown-user' when 1 then 'policy' when 2 then 'silent'
                when 3 then 'closing' when 4 then 'greylisted' else 'fine' end,
              send_status, channel, reason, not_before > now() + interval '4 min', count(*)::int
       from bill_notification group by 1, 2, 3, 4, 5 order by 1`,
    );
    assert.deepEqual(rows, [
      ['closing', 'IN_DOUBT', 'EMAIL', 'SMTP_421', false, 20],
      ['fine', 'DELIVERED', 'EMAIL', null, false, 400],
      ['greylisted', 'PENDING', 'EMAIL', 'SMTP_451', true, 20],
      ['policy', 'PENDING', 'EMAIL', 'SMTP_550', false, 20],
      ['silent', 'IN_DOUBT', 'EMAIL', 'SMTP_TIME_OUT', false, 20],
      ['unknown-user', 'PENDING', 'SMS', 'EMAIL_REFUSED', false, 20],
    ]);
    const ids = server.accepted.map(({ text }) => /^Message-ID: (\S+)/.exec(text)?.[1]);
    assert.deepEqual(
      [ids.length, new Set(ids).size],
      [420, 420],
      'the fine ones and the silent ones, once each',
    );
    assert.equal(sms.sent.length, 0);
  });
});
