import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMetricsServer } from '../../src/metrics/metricsServer.ts';
import { silentLog } from '../support/capturedLog.ts';

const source = { contentType: 'text/plain', metrics: async () => 'billcast_x 1\n' };

describe('the metrics port', () => {
  it('takes the next free port if its own is taken, as during a reload', async () => {
    const options = { host: '127.0.0.1', port: 19_464, log: silentLog };
    const first = await openMetricsServer(source, options);
    const second = await openMetricsServer(source, options);
    assert.notEqual(first.address, second.address);
    const answer = await fetch(`http://${second.address}/metrics`);
    assert.equal(await answer.text(), 'billcast_x 1\n');
    assert.equal((await fetch(`http://${second.address}/other`)).status, 404);
    await Promise.all([first.stop(), second.stop(), second.stop()]);
  });

  it('is none with port 0', async () => {
    const none = await openMetricsServer(source, { host: '127.0.0.1', port: 0, log: silentLog });
    assert.equal(none.address, undefined);
    await none.stop();
  });

  it('never stops a start', async () => {
    const away = await openMetricsServer(source, { host: '192.0.2.1', port: 19_464, log: silentLog });
    assert.equal(away.address, undefined);
    await away.stop();
  });
});
