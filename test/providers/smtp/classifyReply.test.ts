import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { classifyReply, type Stage } from '../../../src/providers/smtp/classifyReply.ts';
import { readReply } from '../../../src/providers/smtp/smtpReply.ts';

const stages: readonly Stage[] = ['open', 'tls', 'login', 'mail', 'rcpt', 'data', 'message'];

function classify(stage: Stage, response: string) {
  const reply = readReply(response);
  assert.ok(reply !== undefined, response);
  const mayBeTaken = stage === 'message';
  return classifyReply(reply, { stage, to: 'hong@example.kr', mayBeTaken, random: 0.5 });
}

/** The class of a reply: `refused`, `policy`, `settings`, `wait`, `busy`, `pace`, `accepted` or `unknown`. */
function kindOf(stage: Stage, response: string): string {
  const answer = classify(stage, response);
  if (answer.kind === 'misconfigured') return answer.scope === 'settings' ? 'settings' : 'policy';
  if (answer.kind !== 'notSent') return answer.kind;
  return answer.trouble ?? (answer.retryAfterMs === undefined ? 'notSent' : 'wait');
}

const table: readonly (readonly [expected: string, stage: Stage, response: string])[] = [
  ['busy', 'open', '421 4.3.2 Service shutting down'],
  ['pace', 'open', '421 4.7.0 mx Error: too many connections from 10.0.0.1'],
  ['settings', 'open', '554 5.7.1 you are not welcome'],
  ['busy', 'tls', '454 4.7.0 TLS not available due to temporary reason'],
  ['settings', 'tls', '502 5.5.1 Error: command not implemented'],
  ['settings', 'login', '535 5.7.8 Error: authentication failed'],
  ['settings', 'login', '534 5.7.9 Application-specific password required'],
  ['settings', 'login', '538 5.7.11 Encryption required'],
  ['busy', 'login', '454 4.7.0 Temporary authentication failure'],
  ['busy', 'mail', '451 4.3.0 Error: queue file write error'],
  ['pace', 'mail', '454 Throttling failure: Maximum sending rate exceeded.'],
  ['policy', 'mail', '550 5.7.1 sender domain has no SPF record'],
  ['policy', 'mail', '530 5.7.0 Must issue a STARTTLS command first'],
  ['refused', 'mail', '552 5.3.4 Message size exceeds fixed limit'],
  ['refused', 'mail', '552 Message size exceeds fixed limit'],
  ['wait', 'rcpt', '450 4.2.0 <hong@example.kr>: Recipient address rejected: Greylisted'],
  ['wait', 'rcpt', '451 4.7.1 Greylisting in action, please come back later'],
  ['wait', 'rcpt', '451 graylisted, try later'],
  ['wait', 'rcpt', '452 4.2.2 The email account is over quota'],
  ['busy', 'rcpt', '451 4.3.5 Server configuration error'],
  ['pace', 'rcpt', '450 4.2.1 The user is receiving mail at a rate that is too fast'],
  ['refused', 'rcpt', '550 5.1.1 <hong@example.kr>: Recipient address rejected: User unknown'],
  ['refused', 'rcpt', '550-5.1.1 The email account does not exist.\n550 5.1.1 see our policy at https://x'],
  ['refused', 'rcpt', '550 5.1.2 Host unknown'],
  ['refused', 'rcpt', '556 5.1.10 Recipient address has null MX'],
  ['refused', 'rcpt', '550 5.2.1 The email account is disabled'],
  ['refused', 'rcpt', '552 5.2.2 mailbox full'],
  ['refused', 'rcpt', '550 Requested action not taken: mailbox unavailable'],
  ['refused', 'rcpt', "554 delivery error: This user doesn't have an account"],
  ['refused', 'rcpt', '550 #5.1.0 Address rejected.'],
  ['policy', 'rcpt', '553 5.1.8 Domain of sender address does not resolve'],
  ['policy', 'rcpt', '550 5.7.1 Unfortunately, messages from this IP are on our block list'],
  ['policy', 'rcpt', '554 5.7.1 Service unavailable; Client host [10.0.0.1] blocked using zen.spamhaus.org'],
  ['policy', 'rcpt', '554 Service unavailable; Client host [10.0.0.1] blocked using zen.spamhaus.org'],
  ['policy', 'rcpt', '550 relay not permitted'],
  ['policy', 'rcpt', '550 SPF check failed'],
  ['policy', 'rcpt', '550 Message rejected due to DMARC'],
  ['policy', 'rcpt', '550 5.4.1 Recipient address rejected: Access denied'],
  ['policy', 'rcpt', '550 5.3.2 System not accepting network messages'],
  ['refused', 'rcpt', '550 sorry, no mailbox here by that name. (#5.1.1)'],
  ['refused', 'rcpt', '552 Requested mail action aborted: exceeded storage allocation'],
  ['policy', 'rcpt', "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"],
  ['policy', 'rcpt', "553 sorry, that domain isn't in my list of allowed rcpthosts"],
  ['policy', 'rcpt', '550 5.1.0 <bill@billcast.test> sender rejected : invalid sender domain'],
  ['policy', 'rcpt', '550 5.2.1 Mail from 10.0.0.1 refused: see https://www.spamhaus.org'],
  ['policy', 'rcpt', '550 Client host rejected: cannot find your reverse hostname'],
  ['policy', 'rcpt', '554 IP=10.0.0.1 - A problem occurred. Ask your postmaster'],
  ['policy', 'rcpt', '550 Your IP address is not welcome here'],
  ['policy', 'rcpt', '550 Please log in first'],
  ['policy', 'rcpt', '550 unauthenticated senders not accepted'],
  ['policy', 'rcpt', '550 Too many connections from your host'],
  ['policy', 'rcpt', '554 SMTP service not available'],
  ['policy', 'rcpt', '503 5.5.1 Error: need MAIL command'],
  ['policy', 'rcpt', '501 Syntax error'],
  ['busy', 'data', '451 4.3.0 try later'],
  ['policy', 'data', '554 5.5.1 Error: no valid recipients'],
  ['accepted', 'message', '250 2.0.0 Ok: queued as 4XyZ12'],
  ['accepted', 'message', '250 OK'],
  ['unknown', 'message', '421 4.4.2 mx Error: timeout exceeded'],
  ['unknown', 'message', '354 go ahead'],
  ['busy', 'message', '451 4.3.0 queue file write error'],
  ['wait', 'message', '450 4.7.1 greylisted'],
  ['refused', 'message', '554 5.2.2 mailbox full'],
  ['refused', 'message', '554 Transaction failed'],
  ['policy', 'message', '550 5.7.1 rejected by DMARC policy'],
  ['policy', 'message', '554 Message rejected as spam'],
  ['policy', 'message', '550 5.2.0 spam detected'],
  ['policy', 'message', '550 5.6.11 SMTPSEND.BareLinefeedsAreIllegal'],
  ['policy', 'message', '550 Messages without Date header are not accepted'],
  ['policy', 'message', '550 Maximum line length exceeded (see RFC 5322 2.1.1)'],
  ['policy', 'message', '550 Quota exceeded for your account (sending limit)'],
  ['policy', 'message', '554 too many hops, this message is looping (#5.4.6)'],
  ['policy', 'message', '500 what?'],
  ['policy', 'message', '503 Bad sequence of commands'],
];

describe('a reply', () => {
  for (const [expected, stage, response] of table) {
    it(`${response.slice(0, 60)} at ${stage} means ${expected}`, () => {
      assert.equal(kindOf(stage, response), expected);
    });
  }

  it('to a message names what the relay calls it', () => {
    assert.deepEqual(classify('message', '250 2.0.0 Ok: queued as 4XyZ12'), {
      kind: 'accepted',
      providerId: '4XyZ12',
    });
  });

  it('never accepts before the dot, never refuses for policy, and never reveals the member', () => {
    const responses = fc
      .tuple(
        fc.integer({ min: 200, max: 599 }),
        fc.option(fc.tuple(fc.constantFrom(2, 4, 5), fc.nat(7), fc.nat(30)), { nil: undefined }),
        fc.constantFrom('<hong@example.kr> no', 'hong: unknown', 'call 010-1234-5678', 'ok', ''),
      )
      .map(
        ([code, enhanced, text]) =>
          `${code} ${enhanced === undefined ? '' : `${enhanced.join('.')} `}${text}`,
      );
    fc.assert(
      fc.property(fc.constantFrom(...stages), responses, (stage, response) => {
        const answer = classify(stage, response);
        if (answer.kind === 'accepted') assert.ok(stage === 'message' && response.startsWith('2'));
        if (answer.kind === 'unknown') assert.equal(stage, 'message');
        if (answer.kind === 'refused') assert.doesNotMatch(response, /^5\d\d 5\.7\./);
        const cause = answer.kind === 'accepted' ? '' : (answer.cause ?? '');
        assert.doesNotMatch(cause, /hong|example\.kr|1234/);
      }),
    );
  });

  it('that accepts before the dot leaves the bill in doubt', () => {
    const early = { stage: 'message', to: 'hong@example.kr', mayBeTaken: false, random: 0.5 } as const;
    const reply = readReply('250 2.0.0 Ok: queued as 4XyZ12');
    assert.ok(reply !== undefined);
    assert.equal(classifyReply(reply, early).kind, 'unknown');
  });

  it('that is no reply is read as none', () => {
    const texts = ['', '25', 'hello', '2500 x', '55O 5.1.1', '250-ok\n550 no', '550-no\n250 ok'];
    for (const text of texts) assert.equal(readReply(text), undefined, text);
  });

  it('says why in a few words', () => {
    const answer = classify('rcpt', '550 5.1.1 <hong@example.kr>: Recipient address rejected: User unknown');
    assert.deepEqual(answer, {
      kind: 'refused',
      reason: 'SMTP_550',
      cause: 'SMTP 550 5.1.1: Recipient address rejected: User unknown',
    });
  });
});
