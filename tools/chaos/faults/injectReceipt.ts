import { storeReceipts } from '../../../src/db/storeReceipts.ts';
import { parseAttemptName } from '../../../src/providers/inbound/attemptName.ts';
import { type ReceiptKind, receiptKinds } from '../../../src/providers/inbound/receipt.ts';
import { readLedgerKeys } from '../../../src/providers/simulated/ledger.ts';
import type { Random } from '../../../src/sample/random.ts';
import { type InjectionDeps, waitBetween } from './injection.ts';

const messagesAtOnce = 15;

/**
 * The provider tells what became of messages that it accepted: of the newest ones, often before their answers
 * are settled, and of any others, often again or long after.
 */
export async function injectReceipt(deps: InjectionDeps): Promise<void> {
  const { testbed, random, begin } = deps;
  const { database } = testbed;
  const keys = await acceptedKeys(deps);
  if (keys.length === 0) return;
  const newest = keys.slice(-messagesAtOnce);
  const told = [...newest, ...random.draw(keys, messagesAtOnce)];
  begin(`receipts of ${told.length} messages`);
  for (const key of told) {
    const kinds = random.chance(0.3) ? [kindOf(random), kindOf(random)] : [kindOf(random)];
    const receipts = kinds.flatMap((kind) => receiptsOf(key, kind, random));
    await storeReceipts(database, receipts, { provider: 'http', cameBy: 'webhook' });
  }
}

const mostLooks = 60;

/** Waits until the provider has accepted something. */
async function acceptedKeys(deps: InjectionDeps): Promise<string[]> {
  for (let look = 0; look < mostLooks; look++) {
    const keys = await Array.fromAsync(readLedgerKeys(deps.testbed.provider.ledgerFile));
    if (keys.length > 0) return keys;
    await waitBetween(deps, 200, 300);
  }
  return [];
}

function kindOf(random: Random): ReceiptKind {
  return random.pick(['delivered', 'delivered', 'delivered', 'bounced_hard', ...receiptKinds]);
}

/** A cycle that no bill of a run reaches. */
const farCycle = 9;

/** One receipt, or two of the same; now and then it names another cycle, and must change nothing. */
function receiptsOf(key: string, kind: ReceiptKind, random: Random) {
  const attempt = parseAttemptName(key);
  if (attempt === undefined) throw new TypeError(`the ledger has the key ${key}`);
  const said = { attempt: random.chance(0.1) ? { ...attempt, cycle: farCycle } : attempt, kind };
  return random.chance(0.3) ? [said, said] : [said];
}
