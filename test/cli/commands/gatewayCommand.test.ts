import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { projectDir } from '../../../src/lib/projectDir.ts';
import { bareEnvironment } from '../../support/bareEnvironment.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const folder = useTemporaryFolder();

function start(...options: string[]) {
  return spawn(process.execPath, [join(projectDir, 'src/cli/billcast.ts'), 'gateway', ...options], {
    cwd: folder,
    env: { ...bareEnvironment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

describe('billcast gateway', () => {
  it('prints its address, answers as the options say, and ends with 0 on SIGTERM', async () => {
    const options = ['--port', '0', '--ledger', join(folder, 'ledger.jsonl'), '--json', '--refuse', '1'];
    const gateway = start(...options);
    const [line] = await once(gateway.stdout, 'data');
    const { port } = JSON.parse(String(line));
    const body = JSON.stringify({ billId: 1, memberId: 1, channel: 'SMS', cycle: 1, to: '1', text: 't' });
    const headers = { 'idempotency-key': '1:SMS:1' };
    const response = await fetch(`http://127.0.0.1:${port}/sms`, { method: 'POST', headers, body });
    assert.equal(response.status, 422);
    gateway.kill('SIGTERM');
    const [code] = await once(gateway, 'exit');
    assert.equal(code, 0);
  });

  it('stands behind a proxy that answers as the options say', async () => {
    const ledger = join(folder, 'proxied.jsonl');
    const gateway = start('--port', '0', '--ledger', ledger, '--json', '--proxy', '400', '--rate', '5');
    const [line] = await once(gateway.stdout, 'data');
    const response = await fetch(`http://127.0.0.1:${JSON.parse(String(line)).port}/sms/1:SMS:1`);
    assert.deepEqual([response.status, response.headers.get('content-type')], [400, 'text/html']);
    gateway.kill('SIGTERM');
    await once(gateway, 'exit');
  });

  for (const [what, options, says] of [
    ['a port that is none', ['--port', 'x', '--ledger', 'l'], /--port/],
    ['a rate that is none', ['--port', '0', '--ledger', 'l', '--hang', '1.1'], /share from 0 to 1/],
    ['rates above 1', ['--port', '0', '--ledger', 'l', '--hang', '0.7', '--break', '0.7'], /more than 1/],
    ['half a down-time', ['--port', '0', '--ledger', 'l', '--down-for', '1'], /--down-after and --down-for/],
    ['a proxy of no status', ['--port', '0', '--ledger', 'l', '--proxy', '418'], /must be one of 200, 400/],
    ['a time of no proxy', ['--port', '0', '--ledger', 'l', '--proxy-for', '5'], /need --proxy/],
    ['no ledger', ['--port', '0'], /--ledger/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const gateway = start(...options);
      const [said, [code]] = await Promise.all([text(gateway.stderr), once(gateway, 'exit')]);
      assert.equal(code, 1);
      assert.match(said, says);
    });
  }
});
