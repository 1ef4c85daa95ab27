import { Agent, request } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createDatabase } from '../../src/db/database.ts';
import { createRateLine } from '../../src/dispatcher/rateLines.ts';
import { createThrottledLog } from '../../src/log/throttledLog.ts';
import type { RateLine } from '../../src/policy/rate/rateLine.ts';
import { silentLog } from './capturedLog.ts';

/**
 * A process that has more to send than its rate allows, for tests: `node rateProcess.ts DATABASE_URL PORT
 * RATE`. It says how long its event loop stood still at most, in ms, on each line of stdin.
 */
const [url = '', port = '', rate = ''] = process.argv.slice(2);
const database = createDatabase({ url, log: silentLog, poolSize: 1, patienceMs: 1_000 });
const throttledLog = createThrottledLog(silentLog);
const line = createRateLine(
  { database, throttledLog },
  { ses: Number(rate) },
  { route: 'EMAIL', name: 'ses' },
);
if (line === undefined) throw new RangeError('a rate is needed');
const agent = new Agent({ keepAlive: true, maxSockets: 20 });
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();

function take(of: RateLine): void {
  const count = of.room;
  of.letThrough(count);
  for (let bill = 0; bill < count; bill++) void of.enter().then((mayGo) => mayGo && send());
  of.want(1_000);
}

function send(): void {
  request({ port, agent, method: 'POST' }, (answer) => answer.resume()).end();
}

// While a connection is made, the server's clock cannot be compared with ours.
await database.query({ name: 'connect', text: 'select 1' });
line.onRoom(() => take(line));
line.want(1_000);
process.stdin.on('data', () => process.stdout.write(`${delay.max / 1e6}\n`));
