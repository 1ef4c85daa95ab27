import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { politeReplies, type RawSmtpOptions, startRawSmtp } from '../../support/rawSmtp.ts';
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

/** Whatever happened: an acceptance is known, or at least not denied; and nothing is accepted twice. */
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

describe('a dialogue that is cut', () => {
  it('is accepted if it is not cut', async () => {
    const { answer } = await sendTo({});
    assert.deepEqual(answer, { kind: 'accepted', providerId: 'Q1W2E3' });
  });

  it('at each byte of the replies has the right class', async () => {
    const kinds: string[] = [];
    for (let after = 0; kinds.at(-1) !== 'accepted'; after++) {
      const sent = await sendTo({ cut: { after, of: 'sent' } });
      assertHonest(sent, `after ${after} bytes of the replies`);
      kinds.push(sent.answer.kind);
    }
    const { greeting, ehlo, mail, rcpt, data, message } = politeReplies;
    const before354 = [greeting, ehlo, mail, rcpt, data].map((reply) => reply.length + 2);
    const sure = before354.reduce((sum, length) => sum + length, 0);
    // Nothing of the message leaves before the 354 is there; then it is unknown until the last reply is.
    assert.ok(kinds.slice(0, sure).every((kind) => kind === 'notSent'));
    assert.deepEqual(kinds.slice(sure), [...Array(message.length + 2).fill('unknown'), 'accepted']);
  });

  it('at any byte of ours has the right class', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_400 }), async (after) => {
        const sent = await sendTo({ cut: { after, of: 'received' } });
        assertHonest(sent, `after ${after} bytes of ours`);
        assert.notEqual(sent.answer.kind, 'refused');
      }),
      { numRuns: 150 },
    );
  });
});
