import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { type Claim, idempotencyKeyOf } from '../../../src/bill.ts';
import type { Channel } from '../../../src/channels.ts';
import { missedTurn, type Provider, type SendAnswer } from '../../../src/providers/provider.ts';
import { claimOf } from '../../support/claims.ts';
import { billIdOf } from '../../support/notifications.ts';
import { mailStandIns, nhnEmail } from '../../support/standIns/mailStandIns.ts';
import { type OpenedStandIn, openStandIn } from '../../support/standIns/openStandIn.ts';
import { resendWithFiles } from '../../support/standIns/resendStandIn.ts';
import type { Fault, RunningStandIn } from '../../support/standIns/standIn.ts';
import { talkStandIns, viewUrl } from '../../support/standIns/talkStandIns.ts';
import { textStandIns } from '../../support/standIns/textStandIns.ts';

const providers: Provider[] = [];
after(() => Promise.all(providers.map((provider) => provider.stop())));

let bills = 0;

function newClaim({ standIn }: Pick<OpenedStandIn, 'standIn'>): Claim {
  return claimOf({ billId: billIdOf(++bills), channel: standIn.channel });
}

interface Sending {
  readonly claim: Claim;
  readonly to: string;
  readonly isLate?: boolean;
  /** Asked for each request. */
  readonly turnEndsMs?: () => number;
  /** As a member's whose PDF cannot have a password. */
  readonly hasNoFile?: boolean;
}

/** Every byte, and what ends a part of a form. */
const bytes = Buffer.concat([
  Buffer.from(Array.from({ length: 256 }, (_, index) => index)),
  Buffer.from('\r\n--billcast\r\n\r\n--'),
]);
const pdf = { name: '청구서.pdf', contentType: 'application/pdf', content: bytes };

function buttonsOf(channel: Channel) {
  return channel === 'ALIMTALK' ? { buttons: [{ name: '청구서 보기', url: viewUrl }] } : {};
}

function sendBill({ provider, encode, standIn }: OpenedStandIn, sending: Sending) {
  const { claim, to, isLate = false, turnEndsMs, hasNoFile = false } = sending;
  const files = standIn.sendsFiles === true ? { attachments: hasNoFile ? [] : [pdf] } : {};
  const key = idempotencyKeyOf(claim);
  const content = `key=${key}; 청구 1,000원`;
  const message =
    standIn.channel === 'EMAIL'
      ? {
          kind: 'email' as const,
          to,
          subject: '청구서',
          html: Buffer.from(content),
          text: Buffer.from(content),
          ...files,
        }
      : { kind: 'text' as const, to, text: content, bytes: 60, ...buttonsOf(standIn.channel) };
  const startDeadline = { unixMs: Date.now() + 5_000, passed: () => isLate };
  const attempt = {
    claim,
    idempotencyKey: key,
    startDeadline,
    get turnEndsMs() {
      return turnEndsMs?.();
    },
  };
  return provider.send({ to, body: encode(message, claim) }, attempt);
}

/** The outcomes that are right for each fault. */
const rightKinds: Readonly<Record<Exclude<Fault, 'none'>, readonly SendAnswer['kind'][]>> = {
  tooMany: ['notSent'],
  unauthorised: ['misconfigured'],
  failsBefore: ['unknown'],
  failsAfter: ['unknown'],
  cutBefore: ['unknown'],
  cutAfter: ['unknown'],
  // An answer without a body cannot be halved.
  halfAnswer: ['unknown', 'accepted'],
  proxy200: ['unknown'],
  proxy502: ['unknown'],
  proxy503: ['unknown'],
  emptyOk: ['unknown'],
  proxy404: ['misconfigured'],
};
const faults = Object.keys(rightKinds) as readonly (keyof typeof rightKinds)[];

/** Nothing is accepted twice, and each outcome is true. */
function checkAnswer({ accepted }: RunningStandIn, claim: Claim, answer: SendAnswer): void {
  const times = accepted.get(idempotencyKeyOf(claim)) ?? 0;
  assert.ok(times <= 1, `accepted ${times} times`);
  if (answer.kind === 'accepted') assert.equal(times, 1);
  else if (answer.kind !== 'unknown') assert.equal(times, 0, `${answer.kind}, and it was accepted`);
}

/** As the dispatcher does: what was certainly not taken goes out again under the same key. */
async function sendUntilKnown(opened: OpenedStandIn, sendings: readonly Sending[]): Promise<void> {
  let left = sendings;
  for (let round = 0; round < 3 && left.length > 0; round += 1) {
    const answers = await Promise.all(left.map((sending) => sendBill(opened, sending)));
    left = left.flatMap(({ claim, to }, index) => {
      const answer = answers[index];
      if (answer === undefined) return [];
      checkAnswer(opened.running, claim, answer);
      return answer.kind === 'notSent' || answer.kind === 'misconfigured'
        ? [{ to, claim: { ...claim, attempts: claim.attempts + 1 } }]
        : [];
    });
  }
}

/** Providers that take many messages per request, without files. */
const takesMany = ['postmark', 'resend', 'sens', 'solapi', 'nhn-alimtalk'];

/** Providers that do not say that the recipient is the cause. */
const saysNotWhich = ['sens', 'nhn-alimtalk'];

for (const standIn of [...mailStandIns, resendWithFiles, ...textStandIns, ...talkStandIns]) {
  const what = standIn.sendsFiles === true ? 'files' : standIn.channel;
  describe(`the mapping of ${standIn.provider} for ${what}, against a stand-in`, async () => {
    const opened = await openStandIn(standIn);
    const { running, provider } = opened;
    providers.push(provider);

    it('accepts a bill, with an id, and refuses a bad recipient', async () => {
      const [good, bad] = [newClaim(opened), newClaim(opened)];
      const answer = await sendBill(opened, { claim: good, to: standIn.goodTo(1) });
      assert.equal(answer.kind, 'accepted', JSON.stringify(answer));
      assert.match(String(answer.kind === 'accepted' ? answer.providerId : ''), /.+/);
      const refused = await sendBill(opened, { claim: bad, to: standIn.badTo });
      const expected = saysNotWhich.includes(standIn.provider) ? 'misconfigured' : 'refused';
      assert.equal(refused.kind, expected, JSON.stringify(refused));
      checkAnswer(running, good, answer);
      checkAnswer(running, bad, refused);
    });

    for (const fault of faults) {
      it(`calls ${fault} what it is`, async () => {
        running.plan([fault]);
        const claim = newClaim(opened);
        const answer = await sendBill(opened, { claim, to: standIn.goodTo(2) });
        assert.ok(rightKinds[fault].includes(answer.kind), JSON.stringify(answer));
        if (fault === 'tooMany') assert.ok(answer.kind === 'notSent' && answer.trouble === 'pace');
        checkAnswer(running, claim, answer);
        running.plan([]);
      });
    }

    it('sends nothing after the start deadline', async () => {
      const before = running.requests.length;
      const answer = await sendBill(opened, { claim: newClaim(opened), to: standIn.goodTo(3), isLate: true });
      assert.deepEqual(answer, { kind: 'notSent', reason: 'START_DEADLINE' });
      assert.equal(running.requests.length, before);
    });

    it('sends nothing after the turn of a message, if it goes alone', async () => {
      const before = running.requests.length;
      const sending = { claim: newClaim(opened), to: standIn.goodTo(3), turnEndsMs: () => 0 };
      const answer = await sendBill(opened, sending);
      if (takesMany.includes(standIn.provider) && standIn.sendsFiles !== true) {
        assert.equal(answer.kind, 'accepted');
      } else {
        assert.deepEqual([answer, running.requests.length], [missedTurn, before]);
      }
    });

    it('says the truth of each bill of many, whatever happens, and accepts none twice', async () => {
      const recipient = fc.oneof(
        { weight: 5, arbitrary: fc.nat(20).map(standIn.goodTo) },
        fc.constant(standIn.badTo),
      );
      const recipients = fc.array(recipient, { minLength: 1, maxLength: 12 });
      const plan = fc.array(fc.constantFrom<Fault>('none', ...faults), { maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(recipients, plan, async (all, planned) => {
          running.plan(planned);
          await sendUntilKnown(
            opened,
            all.map((to) => ({ to, claim: newClaim(opened) })),
          );
        }),
        { numRuns: 15 },
      );
      running.plan([]);
    });

    if (standIn.find === undefined) {
      it('has no look-up', async () => assert.equal(await provider.lookup('1:X:1'), 'cannotTell'));
    } else {
      it('settles by its look-up what it has accepted, and nothing else', async () => {
        running.plan(['cutAfter']);
        const claim = newClaim(opened);
        const answer = await sendBill(opened, { claim, to: standIn.goodTo(4) });
        assert.equal(answer.kind, 'unknown');
        assert.equal(await provider.lookup(idempotencyKeyOf(claim)), 'accepted');
        assert.equal(await provider.lookup(idempotencyKeyOf(newClaim(opened))), 'cannotTell');
        running.plan(['proxy404', 'proxy404']);
        assert.equal(await provider.lookup(idempotencyKeyOf(claim)), 'cannotTell');
        running.plan([]);
      });
    }
  });
}

describe('files that go with e-mails', () => {
  for (const standIn of mailStandIns) {
    it(`arrive at ${standIn.provider} byte for byte, and only with their own message`, async () => {
      const opened = await openStandIn({ ...standIn, sendsFiles: true });
      providers.push(opened.provider);
      const withoutFile = { claim: newClaim(opened), to: standIn.goodTo(1), hasNoFile: true };
      const sendings = [{ claim: newClaim(opened), to: standIn.goodTo(2) }, withoutFile];
      const answers = await Promise.all(sendings.map((sending) => sendBill(opened, sending)));
      assert.deepEqual(
        answers.map(({ kind }) => kind),
        ['accepted', 'accepted'],
      );
      const filesOf = (to: string) => opened.running.taken.find((taken) => taken.to === to)?.files;
      const { name, contentType: type, content } = pdf;
      assert.deepEqual(filesOf(standIn.goodTo(2)), [{ name, type, content }]);
      assert.deepEqual(filesOf(standIn.goodTo(1)), []);
    });
  }
});

describe('files that are uploaded before their message', async () => {
  const opened = await openStandIn({ ...nhnEmail, sendsFiles: true });
  const { running, provider } = opened;
  providers.push(provider);

  for (const fault of faults) {
    it(`whose upload ends with ${fault} leave a message that was certainly not sent`, async () => {
      running.plan([fault]);
      const claim = newClaim(opened);
      const answer = await sendBill(opened, { claim, to: nhnEmail.goodTo(1) });
      assert.ok(answer.kind === 'notSent' || answer.kind === 'misconfigured', JSON.stringify(answer));
      assert.equal(running.accepted.get(idempotencyKeyOf(claim)), undefined);
      const again = { ...claim, attempts: claim.attempts + 1 };
      assert.equal((await sendBill(opened, { claim: again, to: nhnEmail.goodTo(1) })).kind, 'accepted');
    });

    it(`leave the right outcome if the message behind them ends with ${fault}`, async () => {
      running.plan(['none', fault]);
      const claim = newClaim(opened);
      const answer = await sendBill(opened, { claim, to: nhnEmail.goodTo(1) });
      assert.ok(rightKinds[fault].includes(answer.kind), JSON.stringify(answer));
      checkAnswer(running, claim, answer);
    });
  }

  it('are not uploaded for a message without one, nor after its deadline or turn', async () => {
    const before = running.requests.length;
    await sendBill(opened, { claim: newClaim(opened), to: nhnEmail.goodTo(1), hasNoFile: true });
    assert.equal(running.requests.length, before + 1);
    const late = await sendBill(opened, { claim: newClaim(opened), to: nhnEmail.goodTo(1), isLate: true });
    assert.deepEqual(late, { kind: 'notSent', reason: 'START_DEADLINE' });
    const ofTurn = (turnEndsMs: () => number) =>
      sendBill(opened, { claim: newClaim(opened), to: nhnEmail.goodTo(1), turnEndsMs });
    assert.equal(await ofTurn(() => 0), missedTurn);
    assert.equal(running.requests.length, before + 1);
    // The turn ends during the upload.
    const ends = [Number.POSITIVE_INFINITY];
    assert.equal((await ofTurn(() => ends.pop() ?? 0)).kind, 'accepted');
    assert.equal(running.requests.length, before + 3);
  });
});
