import assert from 'node:assert/strict';
import { Transform, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { MessageBody } from '../../../src/providers/smtp/messageBody.ts';
import { claimOf } from '../../support/claims.ts';
import { startRawSmtp } from '../../support/rawSmtp.ts';
import { createTestSmtp, encodeForTest, sendingTo } from '../../support/smtpProviders.ts';

/** What a server reads of these messages; each is sent by nodemailer. */
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
    const piecesOfWrites: number[] = [];
    const socket = new Writable({
      highWaterMark: 65_536,
      write(_chunk, _encoding, done) {
        piecesOfWrites.push(1);
        done();
      },
      writev(chunks, done) {
        piecesOfWrites.push(chunks.length);
        done();
      },
    });
    const [{ body: message = Buffer.of() }] = sendingTo('kim@example.kr', '11월 청구서입니다. '.repeat(400));
    const body = new MessageBody(message, { mayBegin: () => true, socket });
    const stream = new Transform({ flush: (done) => done(null, '\r\n.\r\n') });
    stream.pipe(socket, { end: false });
    body.free();
    assert.ok(message.length > 0, 'nothing has left');
    body.pipe(stream);
    await finished(stream);
    assert.deepEqual(piecesOfWrites, [2]);
    body.free();
    assert.equal(message.length, 0);
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

  it('is not begun without a 354, and then cannot be taken', async () => {
    const body = new MessageBody(Buffer.from(`${head}a\r\n`), { mayBegin: () => false });
    const error = await new Promise((resolve) => body.on('error', resolve).resume());
    assert.match(String(error), /did not ask/);
    assert.equal(body.mayBeTaken, false);
  });
});
