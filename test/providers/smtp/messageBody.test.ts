import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { MessageBody } from '../../../src/providers/smtp/messageBody.ts';
import { claimOf } from '../../support/claims.ts';
import { startRawSmtp } from '../../support/rawSmtp.ts';
import { createTestSmtp, encodeForTest, sendingTo } from '../../support/smtpProviders.ts';

/** What a server reads of these messages. */
async function readBack(messages: readonly string[]): Promise<string[]> {
  const server = await startRawSmtp();
  const provider = createTestSmtp(`smtp://127.0.0.1:${server.port}?tls=off`);
  const [, attempt] = sendingTo('kim@example.kr');
  for (const message of messages) {
    const body = Uint8Array.from(Buffer.from(message));
    assert.equal((await provider.send({ to: 'kim@example.kr', body }, attempt)).kind, 'accepted');
  }
  await provider.stop();
  await server.close();
  return server.accepted.map(({ text }) => text);
}

const head = 'Message-ID: <5.1.email.0123456789abcdef0123@billcast.test>\r\n\r\n';

const troublesome = fc.constantFrom('\r', '\n', '.', 'a', '가', ' ', '\u2028', '\0', '=?');

/** Takes a write only when the test says so. */
function heldSocket() {
  const piecesOfWrites: number[] = [];
  let taken: (() => void) | undefined;
  const socket = new Writable({
    highWaterMark: 65_536,
    write(_chunk, _encoding, done) {
      piecesOfWrites.push(1);
      taken = done;
    },
    writev(chunks, done) {
      piecesOfWrites.push(chunks.length);
      taken = done;
    },
  });
  const take = async (): Promise<void> => {
    const done = taken;
    taken = undefined;
    done?.();
    await setImmediate();
  };
  return { socket, piecesOfWrites, take };
}

describe('a message on its way', () => {
  it('arrives as it was composed, whatever its length', async () => {
    const lines = [1, 500, 32_700, 32_768, 100_000].map((length) => `${head}${'a'.repeat(length)}\r\n`);
    const [composed] = sendingTo('kim@example.kr', '11월 청구서입니다. '.repeat(400));
    const messages = [...lines, Buffer.from(composed.body ?? []).toString()];
    assert.deepEqual(
      (await readBack(messages)).map((text) => `${text}\r\n`),
      messages,
    );
  });

  it('has its dots escaped if a line begins with one, and its last line ended', async () => {
    const dotted = [`${head}.\r\n.a\r\nb`, `${head}a\n.\r\n`, `${head}a\r.\r\nb\r\n`, `${head}no end`];
    assert.deepEqual(await readBack(dotted), [
      `${head}..\r\n..a\r\nb`,
      `${head}a\r\n..`,
      `${head}a\r\n..\r\nb`,
      `${head}no end`,
    ]);
  });

  it('leaves with its dot in one write, and frees its memory when all of it has left', async () => {
    const { socket, take, piecesOfWrites } = heldSocket();
    const [{ body: message = Buffer.of() }] = sendingTo('kim@example.kr', '11월 청구서입니다. '.repeat(400));
    const body = new MessageBody(message, socket);
    body.begin();
    assert.deepEqual(piecesOfWrites, [2]);
    body.free();
    assert.ok(message.length > 0, 'not all of it has left');
    await take();
    body.free();
    assert.equal(message.length, 0);
  });

  it('is written as it is taken if it is large, and cannot be taken before its last piece', async () => {
    const { socket, take, piecesOfWrites } = heldSocket();
    const body = new MessageBody(Buffer.from(`${head}${'a'.repeat(200_000)}\r\n`), socket);
    body.begin();
    let longest = 0;
    while (!body.mayBeTaken) {
      longest = Math.max(longest, socket.writableLength);
      await take();
    }
    assert.ok(longest <= 100_000, `${longest} bytes at a time`);
    assert.ok(piecesOfWrites.length > 2);
  });

  it('leaves nothing more when it was stopped', async () => {
    const { socket, take } = heldSocket();
    const body = new MessageBody(Buffer.from(`${head}${'a'.repeat(200_000)}\r\n`), socket);
    body.begin();
    body.stop();
    for (let turn = 0; turn < 10; turn++) await take();
    assert.equal(socket.writableLength, 0);
    assert.equal(body.mayBeTaken, false);
  });

  it('that was composed never needs an escape', () => {
    fc.assert(
      fc.property(fc.string({ unit: troublesome, maxLength: 100 }), (subject) => {
        const part = Buffer.from(subject);
        const email = { kind: 'email', to: 'kim@example.kr', subject, html: part, text: part } as const;
        const message = Buffer.from(encodeForTest(email, claimOf({}))).toString('latin1');
        assert.ok(message.endsWith('\r\n') && !/(?:^|[\r\n])\./.test(message));
        assert.ok(!/\r(?!\n)|(?<!\r)\n/.test(message));
      }),
      { numRuns: 40 },
    );
  });
});
