import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { createCommandLine } from '../support/commandLine.ts';
import {
  emptyTables,
  insertNotification,
  journalOf,
  newBillId,
  standingOf,
} from '../support/notifications.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
const folder = useTemporaryFolder();
beforeEach(() => emptyTables(db.database));
const billcast = createCommandLine(() => db.url);

describe('billcast resend', () => {
  it('wants bills and a reason', async () => {
    assert.match((await billcast.run(['resend', '--reason', 'x'])).err, /say which bills: --bill or --file/);
    assert.match((await billcast.run(['resend', '--bill', '1'])).err, /say why: --reason/);
  });

  it(
    'counts first, then sends again in the name of the person, and says what to use for the ' + 'others',
    async () => {
      const { billId } = await insertNotification(db.database, { sendStatus: 'DELIVERED' });
      const failed = await insertNotification(db.database, { sendStatus: 'FAILED' });
      const args = ['resend', '--bill', billId, failed.billId, newBillId()];
      const counts = { resendable: 1, notDelivered: 1, notFound: 1, busy: 0, firstBillIds: [billId] };
      assert.deepEqual(await billcast.facts([...args, '--dry-run']), { ...counts, dryRun: true, resent: 0 });
      const { out, err, code } = await billcast.run([...args, '--reason', 'address corrected', '--json']);
      assert.deepEqual([code, JSON.parse(out).resent], [0, 1]);
      assert.match(err, /1 FAILED: `billcast retry` starts them over/);
      assert.equal((await standingOf(db.database, billId)).cycle, 2);
      const [entry] = await journalOf(db.database, billId);
      assert.match(entry?.actor ?? '', /^person \S+$/);
      const explained = await billcast.run(['explain', billId]);
      assert.match(
        explained.out,
        /Cycle 2 has begun with the e-mail: a person had a delivered bill sent again/,
      );
    },
  );
});

describe('billcast bounce', () => {
  it('turns what bounced to SMS and counts every other line', async () => {
    const turned = await insertNotification(db.database, { sendStatus: 'DELIVERED' });
    const bySms = await insertNotification(db.database, { sendStatus: 'DELIVERED', channel: 'SMS' });
    const other = await insertNotification(db.database, { sendStatus: 'DELIVERED', cycle: 2 });
    const pending = await insertNotification(db.database);
    const file = join(folder, 'bounces.csv');
    const lines = [
      'bill_id,key,reason',
      `${turned.billId},${turned.billId}:EMAIL:1,"550 <hong@example.com> unknown"`,
      `${turned.billId},${turned.billId}:EMAIL:1,again`,
      `${other.billId},${other.billId}:EMAIL:1`,
      ...[bySms.billId, pending.billId, newBillId()],
    ];
    writeFileSync(file, lines.join('\n'));
    const counts = {
      turnable: 1,
      notDelivered: 1,
      deliveredBySms: 1,
      otherAttempt: 1,
      notSentByBillcast: 0,
      notFound: 1,
      busy: 0,
      repeated: 1,
      firstBillIds: [turned.billId],
    };
    const dry = await billcast.facts(['bounce', '--file', file, '--dry-run']);
    assert.deepEqual(dry, { ...counts, dryRun: true, turnedToSms: 0 });
    const made = await billcast.facts(['bounce', '--file', file]);
    assert.deepEqual(made, { ...counts, dryRun: false, turnedToSms: 1 });
    const { sendStatus, channel, cycle } = await standingOf(db.database, turned.billId);
    assert.deepEqual([sendStatus, channel, cycle], ['PENDING', 'SMS', 1]);
    const [entry] = await journalOf(db.database, turned.billId);
    assert.equal(entry?.reason, '550 <(address)> unknown');
    const { out } = await billcast.run(['explain', turned.billId]);
    assert.match(out, /It goes by SMS, because the e-mail was accepted and came back/);
    assert.match(out, /a person recorded that the accepted message came back: 550/);
  });
});

describe('billcast retry --channel email', () => {
  it('turns SMS back to e-mail, in the next cycle', async () => {
    const sms = { channel: 'SMS', reason: 'EMAIL_REFUSED' } as const;
    const { billId } = await insertNotification(db.database, sms);
    const mail = await insertNotification(db.database);
    const args = ['retry', '--channel', 'email', '--bill', billId, mail.billId];
    const counts = { turnable: 1, byEmail: 1, held: 0, notPending: 0, notFound: 0, busy: 0 };
    const firstBillIds = [billId];
    assert.deepEqual(await billcast.facts([...args, '--dry-run']), {
      ...counts,
      dryRun: true,
      turnedBack: 0,
      firstBillIds,
    });
    assert.equal((await billcast.facts(args)).turnedBack, 1);
    const { channel, cycle } = await standingOf(db.database, billId);
    assert.deepEqual([channel, cycle], ['EMAIL', 2]);
  });

  it('knows no other channel', async () => {
    assert.match((await billcast.run(['retry', '--channel', 'sms', '--bill', '1'])).err, /must be email/);
  });
});

describe('a list of bills', () => {
  it('is taken from standard input by each command that takes one bill', async () => {
    const failed = await insertNotification(db.database, { sendStatus: 'FAILED', channel: 'SMS' });
    const doubt = await insertNotification(db.database, { sendStatus: 'IN_DOUBT' });
    const pending = await insertNotification(db.database);
    const input = [failed, doubt, pending, pending].map(({ billId }) => `${billId}\n`).join('');
    const dry = (args: string[]) => billcast.facts([...args, '--file', '-', '--dry-run'], input);
    const retried = await dry(['retry']);
    assert.deepEqual([retried.retryable, retried.notFailed, retried.repeated], [1, 2, 1]);
    const resolved = await dry(['resolve', '--failed']);
    assert.deepEqual([resolved.resolvable, resolved.repeated], [1, 1]);
    const cancelled = await dry(['cancel']);
    assert.deepEqual([cancelled.cancellable, cancelled.repeated], [2, 1]);
    const listed = await billcast.facts(['resolve', '--list', '--file', '-'], input);
    assert.equal(listed.inDoubt, 1);
  });

  it('with a wrong line does nothing, and says which', async () => {
    const { code, err } = await billcast.run(['retry', '--file', '-'], '1\nx\n');
    assert.equal(code, 1);
    assert.match(err, /standard input: no bill id at the beginning of line 2\. Nothing was done/);
  });
});
