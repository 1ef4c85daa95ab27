import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { SendAnswer } from '../../../src/providers/provider.ts';
import { exhaustive } from '../../support/exhaustive.ts';
import { politeReplies, type RawSmtpOptions, type SmtpReplies, startRawSmtp } from '../../support/rawSmtp.ts';
import { createTestSmtp, sendingTo } from '../../support/smtpProviders.ts';

/** Sends one message to a server that behaves like this. */
async function sendTo(options: RawSmtpOptions) {
  const server = await startRawSmtp(options);
  const provider = createTestSmtp(`smtp://127.0.0.1:${server.port}?tls=off`, { sendTimeoutMs: 1_000 });
  const answer = await provider.send(...sendingTo('kim@example.kr'));
  await provider.stop();
  await server.close();
  return { answer, server };
}

/** Whatever happened, an acceptance is known or at least not denied, and nothing is accepted twice. */
function assertHonest({ answer, server }: Awaited<ReturnType<typeof sendTo>>, hint: string): void {
  const taken = server.accepted.length;
  assert.ok(taken <= 1, hint);
  switch (answer.kind) {
    case 'accepted':
      assert.equal(taken, 1, hint);
      break;
    case 'unknown':
      break;
    case 'notSent':
    case 'refused':
    case 'misconfigured':
      assert.equal(taken, 0, `${hint}: ${answer.kind} ${answer.cause}`);
      break;
    default:
      answer satisfies never;
  }
}

describe('a dialogue that is cut', exhaustive, () => {
  it('is accepted if it is not cut', async () => {
    const { answer } = await sendTo({});
    assert.deepEqual(answer, { kind: 'accepted', providerId: 'Q1W2E3' });
  });

  for (const [extensions, ehlo] of [
    ['with PIPELINING', politeReplies.ehlo],
    ['without', '250-mx.test\r\n250 8BITMIME'],
  ] as const) {
    const replies = { ...politeReplies, ehlo };

    it(`at each byte of the replies has the right class, ${extensions}`, async () => {
      const kinds: string[] = [];
      for (let after = 0; kinds.at(-1) !== 'accepted'; after++) {
        const sent = await sendTo({ replies, cut: { after, of: 'sent' } });
        assertHonest(sent, `after ${after} bytes of the replies`);
        kinds.push(sent.answer.kind);
      }
      const { greeting, mail, rcpt, data, message } = replies;
      const before354 = [greeting, ehlo, mail, rcpt, data].map((reply) => reply.length + 2);
      const sure = before354.reduce((sum, length) => sum + length, 0);
      // Nothing of the message leaves before the 354 is there; then it is unknown until the last reply is.
      assert.ok(kinds.slice(0, sure).every((kind) => kind === 'notSent'));
      assert.deepEqual(kinds.slice(sure), [...Array(message.length + 2).fill('unknown'), 'accepted']);
    });

    it(`at any byte of ours has the right class, ${extensions}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 1_400 }), async (after) => {
          const sent = await sendTo({ replies, cut: { after, of: 'received' } });
          assertHonest(sent, `after ${after} bytes of ours`);
          assert.notEqual(sent.answer.kind, 'refused');
        }),
        { numRuns: 150 },
      );
    });
  }
});

describe('a server that is out of step', () => {
  const early = '354 go ahead\r\n250 2.0.0 Ok: queued as EARLY';
  const cases: readonly (readonly [name: string, replies: Partial<SmtpReplies>, kind: SendAnswer['kind']])[] =
    [
      ['accepts in one piece with its 354', { data: early, message: '451 4.3.0 not after all' }, 'unknown'],
      ['accepts in one piece with its 354, and is silent', { data: early, message: '' }, 'unknown'],
      [
        'begins its acceptance in one piece with its 354',
        { data: '354 go ahead\r\n250-2.0.0 Ok' },
        'unknown',
      ],
      ['accepts in one line of two', { message: '250-2.0.0 Ok\r\n550 5.1.1 no such user' }, 'unknown'],
      ['refuses in one line of two', { message: '550-5.1.1 no such user\r\n250 2.0.0 Ok' }, 'unknown'],
      ['closes at RCPT', { rcpt: '421 4.3.2 closing', data: '' }, 'notSent'],
    ];
  for (const [name, replies, kind] of cases) {
    for (const pipelining of ['with', 'without'] as const) {
      it(`and ${name}, ${pipelining} pipelining, is believed nothing`, async () => {
        const ehlo = pipelining === 'with' ? politeReplies.ehlo : '250-mx.test\r\n250 8BITMIME';
        const { answer } = await sendTo({ replies: { ...replies, ehlo } });
        assert.equal(answer.kind, kind);
        if (replies.rcpt !== undefined) assert.ok(answer.kind === 'notSent' && answer.reason === 'SMTP_421');
      });
    }
  }
});

describe('a server that sends a whole dialogue ahead', () => {
  const { greeting, ehlo, mail, rcpt, data, message } = politeReplies;
  const steps = { greeting, ehlo, mail, rcpt, data };
  const stray = [mail, rcpt, data, message].join('\r\n');
  const short = '250-mx.test\r\n250 8BITMIME';

  /** Its own replies of this dialogue, up to the end of this step. */
  function lengthUpTo(step: keyof typeof steps, replies: typeof steps): number {
    const names = Object.keys(steps) as (keyof typeof steps)[];
    const spoken = names.slice(0, names.indexOf(step) + 1);
    return spoken.reduce((sum, name) => sum + replies[name].length + 2, 0);
  }

  const splits = fc.record({
    step: fc.constantFrom(...(Object.keys(steps) as (keyof typeof steps)[])),
    pipelining: fc.boolean(),
    /** How much of it comes in one piece with the reply before it. */
    ahead: fc.integer({ min: 1, max: stray.length + 2 }),
  });

  it('in any two pieces is believed nothing', async () => {
    await fc.assert(
      fc.asyncProperty(splits, async ({ step, pipelining, ahead }) => {
        const own = { ...steps, ehlo: pipelining ? ehlo : short };
        const replies = { ...own, [step]: `${own[step]}\r\n${stray}`, message: '451 4.3.0 not after all' };
        const sent = await sendTo({ replies, pauseAfter: lengthUpTo(step, own) + ahead });
        const hint = `${ahead} bytes after ${step}: ${JSON.stringify(sent.answer)}`;
        assert.equal(sent.answer.kind, step === 'data' ? 'unknown' : 'notSent', hint);
      }),
      { numRuns: 200 },
    );
  });

  it('on a connection in use, in any two pieces, is believed nothing', async () => {
    await fc.assert(
      fc.asyncProperty(splits, async ({ pipelining, ahead }) => {
        const replies = { ehlo: pipelining ? ehlo : short };
        const repliesFor = (to: string) => ({
          ...replies,
          message: to.startsWith('kim') ? `${message}\r\n${stray}` : '451 4.3.0 not after all',
        });
        const before = lengthUpTo('data', { ...steps, ...replies }) + message.length + 2;
        const server = await startRawSmtp({ replies, repliesFor, pauseAfter: before + ahead });
        const provider = createTestSmtp(`smtp://127.0.0.1:${server.port}?tls=off`);
        const first = await provider.send(...sendingTo('kim@example.kr'));
        const second = await provider.send(...sendingTo('lee@example.kr'));
        await provider.stop();
        await server.close();
        assert.deepEqual([first.kind, second.kind], ['accepted', 'notSent'], `${ahead} bytes ahead`);
      }),
      { numRuns: 100 },
    );
  });
});
