import { setTimeout as sleep } from 'node:timers/promises';
import { endServers, serversFolder } from './chaosServers.ts';
import { killChildrenOf } from './child.ts';

/*
 * Waits for the end of the run and ends what it left. A process that was just being started may appear only
 * later, so the reaper looks until several looks in a row found nothing.
 */

const emptyLooksNeeded = 8;
const lookEveryMs = 250;
const giveUpAfterMs = 300_000;

async function main(folder: string): Promise<void> {
  for await (const _ of process.stdin);
  const giveUpAt = performance.now() + giveUpAfterMs;
  for (let emptyLooks = 0; emptyLooks < emptyLooksNeeded && performance.now() < giveUpAt; emptyLooks++) {
    if (await endAll(folder)) emptyLooks = -1;
    await sleep(lookEveryMs);
  }
}

/** @returns whether there was anything, or may still be: a server can exit between the look and the kill */
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
if (folder === undefined) throw new TypeError('usage: reaperProcess.ts <folder of a run>');
await main(folder);
