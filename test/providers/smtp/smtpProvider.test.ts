import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { missedTurn, type SendAnswer } from '../../../src/providers/provider.ts';
import type { SmtpProviderOptions } from '../../../src/providers/smtp/smtpProvider.ts';
import { readWarmupPlan } from '../../../src/providers/smtp/warmupPlan.ts';
import { readClocks, startDeadlineFrom } from '../../../src/providers/startDeadline.ts';
import { eventually } from '../../support/eventually.ts';
import { FixedQuota } from '../../support/fixedQuota.ts';
import { type RawSmtp, type RawSmtpOptions, startRawSmtp } from '../../support/rawSmtp.ts';
import { createTestSmtp, sendingTo } from '../../support/smtpProviders.ts';

interface Setup {
  readonly server?: RawSmtpOptions;
  readonly provider?: Partial<SmtpProviderOptions>;
}

/** Sends to a server of the test, one after the other, and closes both. */
async function withServer(
  setup: Setup,
  test: (send: (to: string) => Promise<SendAnswer>, server: RawSmtp) => Promise<void>,
): Promise<void> {
  const server = await startRawSmtp(setup.server);
  const provider = createTestSmtp(`smtp://127.0.0.1:${server.port}?tls=off`, setup.provider);
  try {
    await test((to) => provider.send(...sendingTo(to)), server);
  } finally {
    await provider.stop();
    await server.close();
  }
}

describe('the smtp provider', () => {
  it('sends many messages on one connection, and each once', async () => {
    await withServer({}, async (send, server) => {
      for (let index = 0; index < 30; index++) {
        assert.equal((await send(`m${index}@example.kr`)).kind, 'accepted');
      }
      assert.deepEqual([server.accepted.length, server.connections()], [30, 1]);
      assert.equal(server.accepted[3]?.to, 'm3@example.kr');
    });
  });

  it('opens as many connections as there are messages at a time', async () => {
    await withServer({ server: { messageDelayMs: () => 50 } }, async (send, server) => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) => send(`m${index}@example.kr`)),
      );
      assert.ok(answers.every(({ kind }) => kind === 'accepted'));
      assert.deepEqual([server.accepted.length, server.connections()], [8, 8]);
    });
  });

  it('goes on with the connection after a refusal, whatever it was about', async () => {
    const repliesFor = (to: string) =>
      to.startsWith('no')
        ? { rcpt: '550 5.1.1 no such user' }
        : to.startsWith('spam')
          ? { message: '550 5.7.1 spam' }
          : {};
    await withServer({ server: { repliesFor } }, async (send, server) => {
      assert.equal((await send('a@example.kr')).kind, 'accepted');
      assert.equal((await send('no@example.kr')).kind, 'refused');
      assert.equal((await send('b@example.kr')).kind, 'accepted');
      assert.equal((await send('spam@example.kr')).kind, 'misconfigured');
      assert.equal((await send('c@example.kr')).kind, 'accepted');
      assert.equal(server.accepted.length, 3);
    });
  });

  it('gives back what the warm-up plan has no room for today, and does not count what was not taken', async () => {
    const warmup = readWarmupPlan('2026-12-01:10,full.kr/2026-12-01:2');
    const quotas = new Map([
      ['all', new FixedQuota(10)],
      ['full.kr', new FixedQuota(2)],
    ]);
    const openQuota: SmtpProviderOptions['openQuota'] = ({ sender, receiver = 'all' }) => {
      assert.equal(sender, 'billcast.test');
      return quotas.get(receiver) ?? new FixedQuota(0);
    };
    const repliesFor = (to: string) => (to.startsWith('busy') ? { rcpt: '451 4.3.2 later' } : {});
    await withServer({ server: { repliesFor }, provider: { warmup, openQuota } }, async (send, server) => {
      assert.equal((await send('busy@full.kr')).kind, 'notSent');
      assert.equal(quotas.get('full.kr')?.left, 2);
      for (const to of ['a@Full.kr', 'b@full.kr', 'c@other.kr']) {
        assert.equal((await send(to)).kind, 'accepted');
      }
      const { kind, ...waits } = await send('d@full.kr');
      assert.deepEqual(
        [kind, waits],
        ['notSent', { reason: 'WARM_UP', retryAfterMs: 3_600_000, isGivenBack: true }],
      );
      assert.equal(server.accepted.length, 3);
      assert.equal(quotas.get('all')?.left, 10, 'those of bills are taken before their hand-off');
    });
  });

  it('sends on a new connection if the server has closed the old one', async () => {
    await withServer({ server: { messagesPerConnection: 1 } }, async (send, server) => {
      for (let index = 0; index < 10; index++) {
        assert.equal((await send(`m${index}@example.kr`)).kind, 'accepted');
      }
      assert.equal(server.accepted.length, 10);
    });
  });

  it('believes no connection that says more than it was asked', async () => {
    const message = '250 2.0.0 Ok: queued as Q1W2E3\r\n250 2.1.0 Ok';
    await withServer({ server: { replies: { message } } }, async (send, server) => {
      for (let index = 0; index < 3; index++) {
        assert.equal((await send(`m${index}@example.kr`)).kind, 'accepted');
      }
      assert.deepEqual([server.accepted.length, server.connections()], [3, 3]);
    });
  });

  it('closes a connection after so many messages', async () => {
    await withServer({ provider: { messagesPerConnection: 3 } }, async (send, server) => {
      for (let index = 0; index < 7; index++) await send(`m${index}@example.kr`);
      assert.equal(server.connections(), 3);
    });
  });

  it('says unknown in time, and the late reply when it comes', async () => {
    const setup = { server: { messageDelayMs: () => 600 }, provider: { sendTimeoutMs: 300 } };
    await withServer(setup, async (send, server) => {
      const answer = await send('kim@example.kr');
      assert.ok(answer.kind === 'unknown' && answer.later !== undefined);
      assert.equal(answer.reason, 'SMTP_TIME_OUT');
      assert.deepEqual(await answer.later, { kind: 'accepted', providerId: 'Q1W2E3' });
      assert.equal((await send('lee@example.kr')).kind, 'unknown');
      assert.equal(server.connections(), 1, 'it carries the next message');
    });
  });

  it('stays unknown if no reply comes at all, and does not wait for ever', async () => {
    const setup = {
      server: { messageDelayMs: () => undefined },
      provider: { sendTimeoutMs: 300, replyTimeoutMs: 350 },
    };
    await withServer(setup, async (send) => {
      const answer = await send('kim@example.kr');
      assert.ok(answer.kind === 'unknown' && answer.later !== undefined);
      assert.equal((await answer.later).kind, 'unknown');
    });
  });

  it('gives up the longest wait if too many connections wait', async () => {
    const setup = {
      server: { messageDelayMs: () => undefined },
      provider: { sendTimeoutMs: 300, replyTimeoutMs: 60_000, concurrency: 2 },
    };
    await withServer(setup, async (send) => {
      const answers: SendAnswer[] = [];
      for (let index = 0; index < 3; index++) answers.push(await send(`m${index}@example.kr`));
      const [first] = answers;
      assert.ok(first?.kind === 'unknown' && first.later !== undefined);
      assert.equal((await first.later).kind, 'unknown');
    });
  });

  it('sends nothing that begins after its deadline, and nothing more if the server does not ask for it', async () => {
    await withServer({}, async (_send, server) => {
      const provider = createTestSmtp(`smtp://127.0.0.1:${server.port}?tls=off`);
      const [message, attempt] = sendingTo('kim@example.kr');
      const late = { ...attempt, startDeadline: startDeadlineFrom(readClocks(), -1) };
      assert.deepEqual(await provider.send(message, late), { kind: 'notSent', reason: 'START_DEADLINE' });
      await provider.stop();
      assert.equal(server.accepted.length, 0);
    });
    // 250 to DATA: out of step, perhaps with the reply to another command.
    await withServer({ server: { replies: { data: '250 Ok' } } }, async (send, server) => {
      assert.equal((await send('kim@example.kr')).kind, 'notSent');
      assert.equal(server.accepted.length, 0);
    });
  });

  it('sends nothing after the turn of a message, and keeps the connection for the next', async () => {
    await withServer({}, async (_send, server) => {
      const provider = createTestSmtp(`smtp://127.0.0.1:${server.port}?tls=off`);
      const [message, attempt] = sendingTo('kim@example.kr');
      const late = { ...attempt, turnEndsMs: performance.now() - 1 };
      assert.equal(await provider.send(message, late), missedTurn);
      assert.equal((await provider.send(message, attempt)).kind, 'accepted');
      await provider.stop();
      assert.deepEqual([server.accepted.length, server.connections()], [1, 1]);
    });
  });

  it('looks at no turn if each message needs a new connection, which takes its time', async () => {
    for (const setup of [
      { server: { messagesPerConnection: 1 } },
      { provider: { messagesPerConnection: 1 } },
    ]) {
      await withServer({ server: setup.server ?? {} }, async (_send, server) => {
        const provider = createTestSmtp(`smtp://127.0.0.1:${server.port}?tls=off`, setup.provider ?? {});
        for (const turnEndsMs of [undefined, undefined, performance.now() - 1]) {
          const [message, attempt] = sendingTo('kim@example.kr');
          assert.equal((await provider.send(message, { ...attempt, turnEndsMs })).kind, 'accepted');
        }
        await provider.stop();
      });
    }
  });

  it('gives up a server that falls silent before the dot', async () => {
    for (const silent of [{ mail: '' }, { rcpt: '' }, { data: '' }, { ehlo: '' }, { greeting: '' }]) {
      const setup = { server: { replies: silent }, provider: { sendTimeoutMs: 50, startDeadlineMs: 100 } };
      await withServer(setup, async (send, server) => {
        const answer = await send('kim@example.kr');
        assert.ok(answer.kind === 'notSent' && answer.trouble === 'unreachable', JSON.stringify(silent));
        assert.equal(answer.reason, 'SMTP_TIME_OUT', JSON.stringify(silent));
        assert.equal(server.accepted.length, 0);
      });
    }
  });

  it('does not begin again with a server that falls silent on a connection in use', async () => {
    const repliesFor = (to: string) => (to.startsWith('silent') ? { rcpt: '' } : {});
    await withServer({ server: { repliesFor }, provider: { sendTimeoutMs: 500 } }, async (send, server) => {
      assert.equal((await send('kim@example.kr')).kind, 'accepted');
      assert.equal((await send('silent@example.kr')).kind, 'notSent');
      assert.equal(server.connections(), 1);
    });
  });

  it('uses the other relay if one is away, and says what is wrong if all are', async () => {
    const server = await startRawSmtp();
    const provider = createTestSmtp(`smtp://127.0.0.1:1?tls=off,smtp://127.0.0.1:${server.port}?tls=off`);
    for (let index = 0; index < 4; index++) {
      assert.equal((await provider.send(...sendingTo(`m${index}@example.kr`))).kind, 'accepted');
    }
    await provider.stop();
    await server.close();
    const alone = createTestSmtp('smtp://127.0.0.1:1?tls=off');
    assert.deepEqual(await alone.send(...sendingTo('kim@example.kr')), {
      kind: 'notSent',
      reason: 'CONNECTION_BROKEN',
      cause: 'ECONNREFUSED 127.0.0.1:1',
      trouble: 'unreachable',
    });
    await alone.stop();
  });

  it('asks for reports, and gives each message its own sender, if that is wanted', async () => {
    const bounce = { name: '', local: 'b', domain: 'bounces.test' };
    const from = { name: '', local: 'bill', domain: 'billcast.test' };
    const envelope = { from, bounce, notify: ['failure', 'delay'] };
    await withServer({ provider: { envelope } }, async (send, server) => {
      await send('kim@example.kr');
      const [mail = '', rcpt = ''] = server.commands.filter((line) => /^(MAIL|RCPT)/.test(line));
      assert.match(
        mail,
        /^MAIL FROM:<b\+5\.1\.email\.[0-9a-f]{20}@bounces\.test> RET=HDRS ENVID=5\.1\.email\.\S+$/,
      );
      assert.equal(rcpt, 'RCPT TO:<kim@example.kr> NOTIFY=FAILURE,DELAY');
    });
  });

  it('needs SMTPUTF8 for an address beyond ASCII, and no larger message than the server takes', async () => {
    await withServer({}, async (send, server) => {
      assert.equal((await send('길동@example.kr')).kind, 'accepted');
      assert.ok(server.commands.some((line) => line.startsWith('MAIL') && line.includes(' SMTPUTF8')));
    });
    await withServer({ server: { replies: { ehlo: '250-mx\r\n250 SIZE 100' } } }, async (send) => {
      assert.deepEqual(await send('길동@example.kr'), {
        kind: 'refused',
        reason: 'SMTPUTF8_NOT_OFFERED',
        cause: 'the relay offers no SMTPUTF8',
      });
      assert.deepEqual(await send('kim@example.kr'), {
        kind: 'refused',
        reason: 'MESSAGE_TOO_LARGE',
        cause: 'the relay takes 100 bytes at most',
      });
    });
  });

  it('leaves nothing open when a server closes: a reset in the middle of an end would keep the process', async () => {
    await withServer({ server: { replies: { message: '421 4.4.2 closing' } } }, async (send) => {
      assert.equal((await send('kim@example.kr')).kind, 'unknown');
      await eventually(() => !process.getActiveResourcesInfo().includes('TCPSocketWrap'));
    });
  });

  it('never answers a look-up with more than that it cannot tell', async () => {
    assert.equal(await createTestSmtp('smtp://127.0.0.1:1').lookup('5:EMAIL:1'), 'cannotTell');
  });
});
