import { setTimeout as sleep } from 'node:timers/promises';
import { endServers, serversFolder } from './chaosServers.ts';
import { killChildrenOf } from './child.ts';

/*
 * Waits for the end of the run and ends what it left. A process that was being started at that moment may show itself
 * only a little later, so it looks until several looks in a row have found nothing.
 */

const looksInPeace = 8;
const lookEveryMs = 250;
const giveUpAfterMs = 300_000;

async function main(folder: string): Promise<void> {
  for await (const _ of process.stdin);
  const giveUpAt = performance.now() + giveUpAfterMs;
  for (let inPeace = 0; inPeace < looksInPeace && performance.now() < giveUpAt; inPeace++) {
    if (await endAll(folder)) inPeace = -1;
    await sleep(lookEveryMs);
  }
}

/** Whether there was anything, or may still be: a server can end by itself between a look and the injection. */
async function endAll(folder: string): Promise<boolean> {
  try {
    const children = killChildrenOf(folder);
    return (await endServers(serversFolder(folder))) || children > 0;
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    return true;
  }
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new TypeError('it wants the folder of a run');
await main(folder);
