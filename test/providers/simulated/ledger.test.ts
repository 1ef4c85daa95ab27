import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { readFileSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { Ledger, readLedgerKeys } from '../../../src/providers/simulated/ledger.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const folder = useTemporaryFolder();
let files = 0;
function newFile(): string {
  return join(folder, 'some', `ledger-${++files}.jsonl`);
}

function acceptanceOf(billId: number, channel = 'EMAIL', cycle = 1) {
  return {
    key: `${billId}:${channel}:${cycle}`,
    billId: String(billId),
    channel,
    cycle,
  };
}
function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n');
}
function keysOf(file: string): Promise<string[]> {
  return Array.fromAsync(readLedgerKeys(file));
}

/** A disk that takes these numbers of bytes, one per write, and then is full. Without any it takes all. */
function limitWrites(t: TestContext, bytesOfWrites: readonly (number | undefined)[]): void {
  const write = fs.writeSync;
  const left = [...bytesOfWrites];
  const limited = (descriptor: number, bytes: Buffer, offset: number): number => {
    const limit = left.shift();
    if (limit === undefined) return write(descriptor, bytes, offset);
    if (limit === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    return write(descriptor, bytes, offset, limit);
  };
  t.mock.method(fs, 'writeSync', limited);
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
}

describe('a ledger', () => {
  it('has a line for each acceptance by the time it is promised', async () => {
    const file = newFile();
    const ledger = new Ledger(file);
    await ledger.append(acceptanceOf(1));
    const [line = '', end] = linesOf(file);
    const { at, ...facts } = JSON.parse(line);
    assert.deepEqual(facts, { key: '1:EMAIL:1', billId: 1, channel: 'EMAIL', cycle: 1 });
    assert.ok(Math.abs(Date.parse(at) - Date.now()) < 5_000);
    assert.equal(end, '');
    ledger.close();
  });

  it('writes what one turn of the event loop accepts in one go, in order', async (t) => {
    const file = newFile();
    const ledger = new Ledger(file);
    await ledger.append(acceptanceOf(0));
    const write = t.mock.method(fs, 'writeSync', fs.writeSync);
    syncBuiltinESMExports();
    t.after(() => {
      t.mock.restoreAll();
      syncBuiltinESMExports();
    });
    await Promise.all([1, 2, 3].map((billId) => ledger.append(acceptanceOf(billId))));
    assert.equal(write.mock.callCount(), 1);
    assert.deepEqual(await keysOf(file), ['0:EMAIL:1', '1:EMAIL:1', '2:EMAIL:1', '3:EMAIL:1']);
    ledger.close();
  });

  it('continues after an earlier process, and keeps duplicates', async () => {
    const file = newFile();
    for (let run = 0; run < 2; run++) {
      const ledger = new Ledger(file);
      await ledger.append(acceptanceOf(1));
      ledger.close();
    }
    assert.deepEqual(await keysOf(file), ['1:EMAIL:1', '1:EMAIL:1']);
  });

  it('keeps ids beyond 2^53 as they are', async () => {
    const file = newFile();
    const ledger = new Ledger(file);
    const billId = '9007199254740993';
    await ledger.append({ ...acceptanceOf(1), key: `${billId}:SMS:2`, billId });
    assert.ok(linesOf(file)[0]?.includes(`"billId":${billId},`));
    assert.deepEqual(await keysOf(file), [`${billId}:SMS:2`]);
    ledger.close();
  });

  it('that is closed has written everything, and may be closed twice', async () => {
    const file = newFile();
    const ledger = new Ledger(file);
    const appended = [1, 2].map((billId) => ledger.append(acceptanceOf(billId)));
    ledger.close();
    ledger.close();
    await Promise.all(appended);
    assert.equal((await keysOf(file)).length, 2);
  });

  it('is shared by several processes whose lines all stay whole', async () => {
    const file = newFile();
    const script = new URL('./ledgerProcess.ts', import.meta.url).pathname;
    const processes = [0, 1, 2].map((index) =>
      spawn(process.execPath, [script, file, String(index * 4_000), '4000'], { stdio: 'inherit' }),
    );
    const codes = await Promise.all(processes.map(async (child) => (await once(child, 'exit'))[0]));
    assert.deepEqual(codes, [0, 0, 0]);
    const lines = linesOf(file).slice(0, -1);
    const ids = lines.map((line) => Number(JSON.parse(line).billId)).sort((a, b) => a - b);
    assert.deepEqual(
      ids,
      Array.from({ length: 12_000 }, (_, index) => index),
    );
  });
});

describe('a ledger that cannot be written', () => {
  it('rejects every acceptance that is not in it', async () => {
    const file = join(newFile(), 'below-a-file');
    writeFileSync(join(folder, 'plain'), '');
    const ledger = new Ledger(join(folder, 'plain', 'ledger.jsonl'));
    const appended = await Promise.allSettled([1, 2].map((id) => ledger.append(acceptanceOf(id))));
    assert.deepEqual(
      appended.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.deepEqual(await keysOf(file), []);
    ledger.close();
  });

  it('takes what fits, rejects the rest, and later continues with a whole line', async (t) => {
    const file = newFile();
    const ledger = new Ledger(file);
    await ledger.append(acceptanceOf(1));
    const lineBytes = linesOf(file)[0]?.length ?? 0;
    limitWrites(t, [lineBytes + 1 + 30, 0]);
    const appended = await Promise.allSettled([2, 3].map((id) => ledger.append(acceptanceOf(id))));
    assert.deepEqual(
      appended.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
    await ledger.append(acceptanceOf(4));
    const whole = linesOf(file).filter((line) => line.endsWith('}'));
    assert.deepEqual(
      whole.map((line) => JSON.parse(line).key),
      ['1:EMAIL:1', '2:EMAIL:1', '4:EMAIL:1'],
    );
    ledger.close();
  });

  it('still begins a new line after a torn one when the disk was full again in between', async (t) => {
    const file = newFile();
    const ledger = new Ledger(file);
    limitWrites(t, [30, 0, 0]);
    await assert.rejects(ledger.append(acceptanceOf(1)));
    await assert.rejects(ledger.append(acceptanceOf(2)));
    await ledger.append(acceptanceOf(3));
    ledger.close();
    assert.ok((await keysOf(file)).includes('3:EMAIL:1'));
  });

  it('does not count a torn line as an acceptance: its bill was answered "not sent"', async (t) => {
    const file = newFile();
    const ledger = new Ledger(file);
    limitWrites(t, [30, 0]);
    await assert.rejects(ledger.append(acceptanceOf(1)));
    ledger.close();
    assert.deepEqual(await keysOf(file), []);
  });
});

describe('reading a ledger', () => {
  it('gives nothing if there is no file', async () => {
    assert.deepEqual(await keysOf(join(folder, 'missing')), []);
  });

  it('gives every key in order and passes over what is no acceptance', async () => {
    const file = join(folder, 'mixed.jsonl');
    const line = (key: string) => `{"key":"${key}","billId":1,"channel":"EMAIL","cycle":1,"at":"x"}`;
    writeFileSync(
      file,
      [line('1:EMAIL:1'), '', '{"ke', 'null', line('2:SMS:1'), line('1:EMAIL:1'), ''].join('\n'),
    );
    assert.deepEqual(await keysOf(file), ['1:EMAIL:1', '2:SMS:1', '1:EMAIL:1']);
  });

  it('refuses a file that is no ledger, and takes an empty one', async () => {
    const file = join(folder, 'bills.csv');
    writeFileSync(file, 'billId,state\n1,DELIVERED\n');
    await assert.rejects(keysOf(file), { code: 'LEDGER_FAILED', message: /bills\.csv is no ledger/ });
    writeFileSync(file, '');
    assert.deepEqual(await keysOf(file), []);
  });
});
