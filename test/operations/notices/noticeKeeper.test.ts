import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { releaseBrakes, tripBrake } from '../../../src/db/brake.ts';
import { listNotices, readNoticeTrouble } from '../../../src/db/notices/noticeList.ts';
import { addNotices, purgeNotices, takeNotices } from '../../../src/db/notices/noticeOutbox.ts';
import { timeIn } from '../../../src/lib/timeText.ts';
import { createNoticeKeeper, type NoticeKeeper } from '../../../src/operations/notices/noticeKeeper.ts';
import type { NoticeMessage } from '../../../src/operations/notices/noticeMessage.ts';
import type { NoticeTarget } from '../../../src/operations/notices/noticeTargets.ts';
import { ask } from '../../support/ask.ts';
import { captureLog } from '../../support/capturedLog.ts';
import { eventually } from '../../support/eventually.ts';
import { newDispatcherId } from '../../support/notifications.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
const keepers: NoticeKeeper[] = [];
beforeEach(() => ask(db.database, 'delete from notice; delete from brake; delete from lease'));
afterEach(() => Promise.all(keepers.splice(0).map((keeper) => keeper.stop())));

const pace = { everyMs: 20, quietMs: 1, firstWaitMs: 20, longestWaitMs: 100 };
const { log } = captureLog();

/** Takes messages, unless `work` throws or does not end. */
function targetOf(name: NoticeTarget['name'], work: () => Promise<void> = async () => undefined) {
  const sent: NoticeMessage[] = [];
  return {
    name,
    sent,
    async send(message: NoticeMessage) {
      await work();
      sent.push(message);
      return undefined;
    },
  };
}

function keep(targets: readonly NoticeTarget[], changes: Partial<typeof pace> = {}): NoticeKeeper {
  const message = { publicUrl: 'https://b.test', time: timeIn('Asia/Seoul') };
  const owner = newDispatcherId();
  const options = { database: db.database, log, owner, targets, message, pace: { ...pace, ...changes } };
  const keeper = createNoticeKeeper(options);
  keepers.push(keeper);
  keeper.start();
  return keeper;
}

function trip(brake: 'EMAIL' | 'SMS') {
  const cause = 'ECONNREFUSED 10.0.0.7:443';
  return tripBrake(db.database, {
    brake,
    kind: 'unreachable',
    cause,
    by: 'dispatcher h:1',
    firstTrialMs: null,
  });
}

function noticeOf(index: number) {
  const rest = { kind: 'k', subject: 's', at: new Date(), lines: ['Line.'], path: '/' };
  return { key: `k/${index}`, title: `T${index}`, ...rest };
}

describe('the notice keeper', () => {
  it('tells each target once that a brake went on and off, whichever process has the lease', async () => {
    const mail = targetOf('MAIL');
    const chat = targetOf('CHAT');
    keep([mail, chat]);
    keep([mail, chat]);
    await trip('EMAIL');
    await eventually(() => mail.sent.length === 1 && chat.sent.length === 1);
    await releaseBrakes(db.database, ['EMAIL'], { by: 'person ann', reason: 'member 42 called' });
    await eventually(() => mail.sent.length === 2 && chat.sent.length === 2);
    assert.deepEqual(
      mail.sent.map(({ title }) => title),
      ['[billcast] Sending by e-mail is stopped', '[billcast] Sending by e-mail goes on'],
    );
    assert.match(
      mail.sent[0]?.text ?? '',
      /ECONNREFUSED 10\.0\.0\.7:443.*\n.*\nhttps:\/\/b\.test\/providers$/,
    );
    assert.doesNotMatch(mail.sent[1]?.text ?? '', /member|called/, 'what a person writes may name somebody');
    // A notice is marked after it was sent.
    await eventually(async () => (await listNotices(db.database, 10)).every(({ state }) => state === 'sent'));
    assert.equal((await listNotices(db.database, 10)).length, 4);
  });

  it('tells what happens to a run', async () => {
    const chat = targetOf('CHAT');
    await ask(
      db.database,
      `with r as (
         insert into run (id, kind, plan, plan_hash, proposal, requested_by)
         values ('nov', 'PLANNED', '{"canary": null, "deadline": null}', 'h', '{"bills": 7, "amount": null}', 'ann')
         returning number)
       insert into run_event (run, what, actor)
       select number, unnest(array['created', 'counted', 'started']), 'ann' from r`,
    );
    keep([chat]);
    await eventually(() => chat.sent.length === 2);
    assert.deepEqual(
      chat.sent.map(({ text }) => text.split('\n')[0]),
      ['Planned by ann: 7 bills.', 'Started by ann: 7 bills.'],
    );
    assert.match(chat.sent[0]?.text ?? '', /https:\/\/b\.test\/runs\/nov$/);
    await ask(db.database, `delete from run_event; delete from run where id = 'nov'`);
  });

  it('tells that a webhook was given up', async () => {
    const chat = targetOf('CHAT');
    await ask(
      db.database,
      `insert into webhook_endpoint (id, url, salt, added_by, through, disabled_at, disabled_why)
       values ('shop', 'https://shop.test', gen_random_uuid(), 'ann', 0, now(), 'it failed for 5 days')`,
    );
    keep([chat]);
    await eventually(() => chat.sent.length === 1);
    assert.match(chat.sent[0]?.text ?? '', /none is lost: it failed for 5 days\..*\n.*webhook enable shop/);
    await ask(db.database, 'delete from webhook_endpoint');
  });

  it('tries again until a target takes it, and holds up no other meanwhile', async () => {
    let isAway = true;
    const hanging = Promise.withResolvers<void>();
    const mail = targetOf('MAIL', () => hanging.promise);
    const chat = targetOf('CHAT', async () => {
      if (isAway) throw new Error('chat.test: HTTP 500');
    });
    keep([mail, chat]);
    await trip('EMAIL');
    let trouble: Awaited<ReturnType<typeof readNoticeTrouble>> = [];
    await eventually(async () => {
      trouble = await readNoticeTrouble(db.database);
      return trouble.length > 0;
    });
    assert.deepEqual(trouble, [{ target: 'CHAT', waiting: 1, problem: 'chat.test: HTTP 500' }]);
    isAway = false;
    await trip('SMS');
    await eventually(() => chat.sent.length === 2);
    assert.equal(mail.sent.length, 0);
    hanging.resolve();
    await eventually(() => mail.sent.length === 2);
  });

  it('stops although a mail server never answers', async () => {
    const begun = Promise.withResolvers<void>();
    const mail = targetOf('MAIL', () => {
      begun.resolve();
      return new Promise(() => undefined);
    });
    const keeper = keep([mail]);
    await trip('EMAIL');
    await begun.promise;
    await keeper.stop();
    assert.equal((await listNotices(db.database, 1))[0]?.state, 'waiting');
  });

  it('makes one message of many of one kind about one subject', async () => {
    const mail = targetOf('MAIL');
    await addNotices(db.database, [noticeOf(0)], ['MAIL']);
    keep([mail], { quietMs: 500 });
    await eventually(() => mail.sent.length === 1);
    const more = Array.from({ length: 13 }, (_, index) => noticeOf(index + 1));
    await addNotices(db.database, more, ['MAIL']);
    await eventually(() => mail.sent.length === 2);
    assert.equal(mail.sent[1]?.title, '[billcast] T13');
    assert.match(mail.sent[1]?.text ?? '', /And 12 more of this kind since/);
  });

  it('sends again what a process took before it died, and nothing that was taken just now', async () => {
    const mail = targetOf('MAIL');
    await addNotices(db.database, [noticeOf(1), noticeOf(1)], ['MAIL']);
    const slow = { ...pace, firstWaitMs: 60_000, longestWaitMs: 60_000 };
    assert.equal((await takeNotices(db.database, 'MAIL', slow)).length, 1);
    assert.deepEqual(await takeNotices(db.database, 'MAIL', slow), []);
    await ask(db.database, `update notice set next_at = next_at - interval '1 minute'`);
    keep([mail]);
    await eventually(() => mail.sent.length === 1);
  });

  it('gives up what could not be sent for a day, and forgets it at last', async () => {
    const mail = targetOf('MAIL', async () => {
      throw new Error('away');
    });
    await addNotices(db.database, [{ ...noticeOf(1), at: new Date(Date.now() - 90_000_000) }], ['MAIL']);
    keep([mail]);
    await eventually(async () => (await listNotices(db.database, 1))[0]?.state === 'givenUp');
    assert.equal(await purgeNotices(db.database, 2), 0);
    assert.equal(await purgeNotices(db.database, 1), 1);
  });
});
