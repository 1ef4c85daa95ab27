import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { readNewMails } from '../../../src/api/inbound/maildirReader.ts';
import { openMailPort } from '../../../src/api/inbound/mailPort.ts';
import type { Database } from '../../../src/db/database.ts';
import { ReceiptMeter } from '../../../src/metrics/receiptMeter.ts';
import { createAddressHasher } from '../../../src/policy/addressHasher.ts';
import { bouncedAttempt, bounceMail, bounceTokens, vacationMail } from '../../support/bounceMails.ts';
import { silentLog } from '../../support/capturedLog.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const folder = useTemporaryFolder();
const verp = `b+${bounceTokens.tokenOf(bouncedAttempt)}@bills.example`;

/** A database that keeps what is stored, or is away. */
function depsWith({ isAway = false } = {}) {
  const stored: unknown[] = [];
  const query = (_: unknown, values: unknown[] = []): Promise<[]> => {
    if (isAway) return Promise.reject(new Error('the database is away'));
    stored.push(values.slice(0, 4).flat().join(' '));
    return Promise.resolve([]);
  };
  const database: Pick<Database, 'query'> = { query };
  return {
    stored,
    deps: {
      database: database as Database,
      log: silentLog,
      receiptMeter: new ReceiptMeter(),
      tokens: bounceTokens,
      addressHasher: createAddressHasher([]),
    },
  };
}

/** Sends one mail by LMTP and returns the answer to its data. */
async function deliver(port: number, mail: Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const lines = createInterface(socket)[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => {
    for (;;) {
      const { value } = await lines.next();
      if (/^\d{3} /.test(String(value))) return String(value);
    }
  };
  await answer();
  for (const command of ['LHLO test', 'MAIL FROM:<>', `RCPT TO:<${verp}>`, 'DATA']) {
    socket.write(`${command}\r\n`);
    await answer();
  }
  socket.write(Buffer.concat([mail, Buffer.from('\r\n.\r\n')]));
  const said = await answer();
  socket.end('QUIT\r\n');
  return said;
}

describe('the mail port', () => {
  it('stores a bounce before it answers, and takes any other mail', async () => {
    const { deps, stored } = depsWith();
    const port = await openMailPort(deps, { port: 0, host: '127.0.0.1' });
    try {
      assert.match(await deliver(port.port, bounceMail()), /^250 /);
      assert.deepEqual(stored, ['42 1 EMAIL bounced_hard']);
      assert.match(await deliver(port.port, vacationMail(verp)), /^250 /);
      assert.equal(stored.length, 1);
    } finally {
      await port.stop();
    }
  });

  it('leaves a bounce with the mail server while it cannot be stored', async () => {
    const { deps } = depsWith({ isAway: true });
    const port = await openMailPort(deps, { port: 0, host: '127.0.0.1' });
    try {
      assert.match(await deliver(port.port, bounceMail()), /^451 /);
    } finally {
      await port.stop();
    }
  });
});

describe('a Maildir', () => {
  it('is read once: what is stored moves to cur, what cannot be stored stays', async () => {
    await mkdir(join(folder, 'new'), { recursive: true });
    await writeFile(join(folder, 'new', '1.bounce'), bounceMail({ to: verp }));
    await writeFile(join(folder, 'new', '2.vacation'), vacationMail(verp));
    await assert.rejects(readNewMails(depsWith({ isAway: true }).deps, folder), /away/);
    assert.deepEqual(await readdir(join(folder, 'new')), ['1.bounce', '2.vacation']);
    const { deps, stored } = depsWith();
    assert.equal(await readNewMails(deps, folder), 2);
    assert.deepEqual(stored, ['42 1 EMAIL bounced_hard']);
    assert.deepEqual((await readdir(join(folder, 'cur'))).sort(), ['1.bounce:2,S', '2.vacation:2,S']);
    assert.equal(await readNewMails(deps, folder), 0);
  });
});
