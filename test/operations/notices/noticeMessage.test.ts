import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { timeIn } from '../../../src/lib/timeText.ts';
import { brakeNotice } from '../../../src/operations/notices/brakeNotices.ts';
import { chatBody } from '../../../src/operations/notices/chatForm.ts';
import { noticeMessage } from '../../../src/operations/notices/noticeMessage.ts';

const time = timeIn('Asia/Seoul');
const at = new Date('2026-11-28T05:00:00Z');

function taken(id: number, title: string) {
  return { id: String(id), at: new Date(at.getTime() + id), title, lines: ['What.', 'Do this.'], path: '/p' };
}

describe('the message of notices', () => {
  it('is the newest one, with the number of the others and a link', () => {
    const options = { publicUrl: 'https://b.test', time };
    assert.deepEqual(noticeMessage([taken(1, 'A'), taken(2, 'B'), taken(3, 'C')], options), {
      id: 'notice-1-3',
      title: '[billcast] C',
      text: 'What.\nDo this.\nAnd 2 more of this kind since 2026-11-28 14:00:00.\nhttps://b.test/p',
    });
    assert.equal(noticeMessage([taken(1, 'A')], { publicUrl: undefined, time })?.text, 'What.\nDo this.');
    assert.equal(noticeMessage([], options), undefined);
  });

  it('mentions nobody in a chat, whatever words a provider uses for a cause', () => {
    const message = { id: 'n', title: 'T', text: 'HTTP 500: <!channel> @here\nsecond' };
    const text = JSON.stringify([chatBody('text', message), chatBody('teams', message)]);
    assert.doesNotMatch(text, /<!|@here/);
    assert.deepEqual(chatBody('text', { ...message, text: 'one\ntwo' }), { text: 'T\none\ntwo' });
  });
});

describe('the notice of a brake', () => {
  const change = { key: 'k', at, by: 'dispatcher h:1' };

  it('says what is stopped, why, and what to do', () => {
    const notice = brakeNotice(
      { ...change, brake: 'EMAIL', change: 'on', kind: 'unreachable', cause: 'ECONNREFUSED 10.0.0.7:443' },
      time,
    );
    assert.equal(notice.title, 'Sending by e-mail is stopped');
    assert.deepEqual(notice.lines, [
      'Sending by e-mail is stopped since 2026-11-28 14:00:00, by dispatcher h:1: the provider is unreachable, or ' +
        'takes nothing: ECONNREFUSED 10.0.0.7:443.',
      'One bill tries it now and then, and sending goes on if that is accepted. To go on at once: billcast resume ' +
        '--channel EMAIL',
    ]);
  });

  it('asks a person to find out why bills are refused, and names the provider', () => {
    const on = { ...change, brake: 'EMAIL/ses', change: 'on', kind: 'refusals', cause: null } as const;
    const notice = brakeNotice(on, time);
    assert.equal(notice.title, 'Sending by e-mail through ses is stopped');
    assert.match(
      notice.lines[1] ?? '',
      /^Find out why, then run: billcast resume --channel EMAIL --provider ses$/,
    );
    assert.equal(
      brakeNotice({ ...change, brake: 'SMS', change: 'off' }, time).title,
      'Sending by SMS goes on',
    );
  });
});
