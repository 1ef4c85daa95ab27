import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attempt, explained, inMs } from './explained.ts';

describe('the history', () => {
  it('lists each attempt: when, by which channel, with what answer, how long, by whom', () => {
    const journal = [
      attempt({
        outcome: 'REFUSED',
        reason: 'EMAIL_REFUSED',
        finishedAt: inMs(-9_000),
        startedAt: inMs(-10_500),
      }),
      attempt({ channel: 'SMS', providerId: 'id-1' }),
      attempt({ outcome: 'ACCEPTED', applied: false, finishedAt: inMs(-10) }),
      attempt({ outcome: 'RETRIED', cycle: 2, actor: 'person alice', reason: 'SMS_REFUSED' }),
      attempt({ outcome: 'SOMETHING_NEW' }),
    ];
    const lines = explained({}, { journal }).history.map(({ text }) => text);
    assert.equal(
      lines[0],
      'cycle 1, e-mail: refused by the provider for good: the provider refused the e-mail for ' +
        'good (1.5 s, by dispatcher host:1)',
    );
    assert.equal(lines[1], 'cycle 1, SMS: accepted by the provider (id id-1, 1.0 s, by dispatcher host:1)');
    assert.match(lines[2] ?? '', /^cycle 2, e-mail: a person started this cycle/);
    assert.match(lines[3] ?? '', /SOMETHING_NEW/);
    assert.match(lines[4] ?? '', /too late: it changed nothing/);
  });

  it("gives a person's text unchanged", () => {
    const journal = [
      attempt({
        outcome: 'RESOLVED_RESEND',
        cycle: 2,
        actor: 'person alice',
        reason: 'provider saw nothing',
      }),
    ];
    assert.match(
      explained({}, { journal }).history[0]?.text ?? '',
      /^cycle 2, e-mail: a person started this cycle, because .* in doubt: provider saw nothing \(.*alice\)$/,
    );
  });

  const outcomes = [
    ...['NOT_SENT', 'UNKNOWN', 'NEVER', 'UNPREPARABLE', 'CANCELLED', 'RETRANSMITTED'],
    ...['RESOLVED_DELIVERED', 'RESOLVED_RESEND', 'RESOLVED_FAILED'],
  ];
  for (const outcome of outcomes) {
    it(`has words for ${outcome}`, () => {
      const [line] = explained({}, { journal: [attempt({ outcome })] }).history;
      assert.doesNotMatch(line?.text ?? outcome, new RegExp(outcome));
    });
  }
});
