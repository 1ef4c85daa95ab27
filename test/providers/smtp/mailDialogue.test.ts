import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { MailDialogue } from '../../../src/providers/smtp/mailDialogue.ts';

const envelope = { mail: 'MAIL FROM:<a@x>\r\n', rcpt: 'RCPT TO:<b@y>\r\n' };
const message = 'Subject: a\r\n\r\nb\r\n';
const whole = `${envelope.mail}${envelope.rcpt}DATA\r\n`;

/** What is written if these replies come, and how it ends. */
async function talk(pipelining: boolean, replies: readonly string[]) {
  let written = '';
  const socket = new Writable({
    write(chunk, _encoding, done) {
      written += chunk;
      done();
    },
  });
  let read = 0;
  const bytesRead = () => read++;
  const dialogue = new MailDialogue({
    socket,
    envelope,
    message: Buffer.from(message),
    pipelining,
    bytesRead,
  });
  for (const reply of replies) dialogue.hear(reply);
  const { isOver } = dialogue;
  dialogue.breakOff(new Error('the end of the test'));
  const end = await dialogue.ended;
  const told = end.kind === 'replied' ? `${end.stage} ${end.reply.code}` : end.kind;
  return { written, isOver, told, mayBeTaken: dialogue.mayBeTaken };
}

describe('a dialogue', () => {
  it('sends the envelope at once if that is offered, and the message after the 354', async () => {
    assert.deepEqual(await talk(true, ['250 a', '250 b']), {
      written: whole,
      isOver: false,
      told: 'broken',
      mayBeTaken: false,
    });
    assert.deepEqual(await talk(true, ['250 a', '250 b', '354 c', '250 d']), {
      written: `${whole}${message}.\r\n`,
      isOver: true,
      told: 'message 250',
      mayBeTaken: true,
    });
  });

  it('sends one command after the other if it must', async () => {
    assert.equal((await talk(false, [])).written, envelope.mail);
    assert.equal((await talk(false, ['250 a'])).written, envelope.mail + envelope.rcpt);
    const { written, told } = await talk(false, ['250 a', '250 b', '354 c', '250 d']);
    assert.deepEqual([written, told], [`${whole}${message}.\r\n`, 'message 250']);
  });

  it('ends with the first refusal, when all commands that left are answered', async () => {
    for (const [replies, told] of [
      [['550 a', '503 b', '503 c'], 'mail 550'],
      [['250 a', '450 b', '503 c'], 'rcpt 450'],
      [['250 a', '250 b', '451 c'], 'data 451'],
      [['421 a'], 'mail 421'],
      [['550 a', '421 b'], 'mail 550'],
      [['250 a', '421 b'], 'rcpt 421'],
      [['250 a', '250 b', '421 c'], 'data 421'],
      [['250 a', 'what'], 'broken'],
      [['250 a', '250 b', '250 c'], 'broken'],
    ] as const) {
      const talked = await talk(true, replies);
      assert.deepEqual(
        [talked.told, talked.written, talked.mayBeTaken],
        [told, whole, false],
        replies.join(),
      );
    }
    for (const [replies, told] of [
      [['550 a'], 'mail 550'],
      [['250 a', '550 b'], 'rcpt 550'],
      [['250 a', '250 b', '554 c'], 'data 554'],
    ] as const) {
      const talked = await talk(false, replies);
      assert.deepEqual([talked.told, talked.isOver, talked.mayBeTaken], [told, true, false]);
    }
  });

  it('ends the message to nobody that a server asks for, and sends nothing to one who refused its sender', async () => {
    const nobody = await talk(true, ['250 a', '550 b', '354 c', '554 d']);
    assert.deepEqual([nobody.written, nobody.told, nobody.mayBeTaken], [`${whole}.\r\n`, 'rcpt 550', false]);
    const noSender = await talk(true, ['550 a', '250 b', '354 c']);
    assert.deepEqual([noSender.written, noSender.told, noSender.isOver], [whole, 'mail 550', true]);
  });

  it('may be taken from the dot on, whatever comes then', async () => {
    for (const [reply, told] of [
      ['421 closing', 'message 421'],
      ['554 no', 'message 554'],
      ['what', 'broken'],
    ] as const) {
      const talked = await talk(true, ['250 a', '250 b', '354 c', reply]);
      assert.deepEqual([talked.told, talked.mayBeTaken], [told, true]);
    }
  });
});
