import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NoticedRun, UntoldRunEvent } from '../../../src/db/notices/untoldRunEvents.ts';
import { timeIn } from '../../../src/lib/timeText.ts';
import { noticedEvents, runNotice } from '../../../src/operations/notices/runNotices.ts';

const time = timeIn('Asia/Seoul');

const november: NoticedRun = {
  id: '2026-11',
  kind: 'PLANNED',
  requestedBy: 'ann',
  fourEyes: true,
  hasCanary: true,
  hold: null,
  holdDetail: null,
  released: 1_000,
  bills: 100_000,
  amount: '4512000000',
  currency: 'KRW',
  deadline: new Date('2026-11-28T09:00:00Z'),
};

/** The title and the lines of the notice about an event. */
function told(what: string, facts: UntoldRunEvent['facts'] = {}, changes: Partial<NoticedRun> = {}): string {
  const at = new Date('2026-11-28T05:00:00Z');
  const run = { ...november, ...changes };
  const notice = runNotice({ key: 'run_event/1', at, what, actor: 'ben', facts, run }, time);
  return notice === undefined ? '' : [notice.title, ...notice.lines].join('\n');
}

describe('the notice of a run', () => {
  it('says who has to approve what', () => {
    assert.equal(
      told('created'),
      'Run 2026-11 waits for approval\nPlanned by ben: 100,000 bills, KRW 4,512,000,000 in all.\n' +
        'Another person than ann has to approve it. Read it: billcast run show 2026-11',
    );
    assert.match(
      told('changed', {}, { fourEyes: false, bills: null, amount: null }),
      /an unknown number of bills/,
    );
  });

  it('says which gate holds it, and that nothing more goes out', () => {
    const holdDetail = 'failed: 412 of 1,000 bills (41.2 %), limit 1 %, mostly TEMPLATE_FAILED (412)';
    assert.equal(
      told('paused', { code: 'GATE_FAILED' }, { hold: 'GATE_FAILED', holdDetail }),
      'Run 2026-11 is held: GATE_FAILED\n' +
        'Failed: 412 of 1,000 bills (41.2 %), limit 1 %, mostly TEMPLATE_FAILED (412).\n' +
        'Nothing more of it is released: 1,000 of 100,000 bills are released.\n' +
        'Find out why. If it may go on: billcast run resume 2026-11 --reason "..."',
    );
    assert.match(
      told('paused', {}, { hold: 'CANARY_WAITS', holdDetail: 'the canary is good' }),
      /waits for you\nThe/,
    );
  });

  it('has the root of a manifest, so that it is kept elsewhere too', () => {
    assert.equal(
      told('manifest', { attempts: 1_200, root: 'ab12' }),
      'The manifest of run 2026-11 is made\n' +
        'One hash over the 1,200 messages that were accepted. Keep it: ab12',
    );
    assert.equal(told('manifest', { attempts: 1, root: 'ab12' }, { kind: 'PUBLISHED' }), '');
  });

  it('leaves out what a person wrote', () => {
    const text = told('paused', { reason: 'Kim called' }, { hold: 'PERSON', holdDetail: 'Kim called' });
    assert.match(text, /^Run 2026-11 is paused\nPaused by ben\./);
    assert.doesNotMatch(text, /Kim/);
  });

  it('says how late it will be, and what helps', () => {
    const facts = {
      expectedEnd: '2026-11-28T10:30:00.000Z',
      help: ['PROVIDER_RATES is the limit', 'start more'],
    };
    assert.equal(
      told('deadlineInDanger', facts),
      'Run 2026-11 will end after its deadline\n' +
        'The deadline is 2026-11-28 18:00:00, the expected end 2026-11-28 19:30:00. ' +
        '1,000 of 100,000 bills are released.\nWhat helps: PROVIDER_RATES is the limit; start more.',
    );
    assert.match(
      told('deadlinePassed', { expectedEnd: null }),
      /^The deadline of run 2026-11 is over\nIt was 2026-11-28 18/,
    );
  });

  it('counts what became of the bills', () => {
    const facts = { delivered: 98_000, failed: 1_990, inDoubt: 10, cancelled: 0 };
    assert.match(
      told('done', facts, { released: 100_000 }),
      /^100,000 of 100,000 bills are released: 98,000 delivered, 1,990 failed, 10 in doubt, 0 cancelled\.$/m,
    );
    assert.match(told('done', {}, { released: 1, bills: null }), /^1 bill is released\.$/m);
  });

  it('counts what a rehearsal and the seed addresses got', () => {
    const facts = { bills: 50, sent: 3, sentBefore: 1, unpreparable: 2, unknown: 0 };
    assert.equal(
      told('done', facts, { kind: 'REHEARSAL' }),
      'The rehearsal 2026-11 is done\n' +
        'It looked at 50 bills. 4 messages were sent, 2 cannot be printed. No member got one.',
    );
    assert.match(
      told('seedsFailed', { refused: 2 }),
      /^No seed address .*\n0 messages were sent, 2 were refused\./,
    );
  });

  it('has words for all events that it asks for, whatever their facts', () => {
    const silent = noticedEvents.filter((what) => told(what, { bills: 'many', help: 7 }) === '');
    assert.deepEqual(silent, ['gatesPassed'], 'a run without a canary passes no gates');
    assert.match(told('gatesPassed', { gates: [] }), /is good/);
    assert.equal(told('moved'), '');
  });
});
