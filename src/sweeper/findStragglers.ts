import type { BillId } from '../bill.ts';
import { type Channel, channelNames } from '../channels.ts';
import {
  doubtStrandedBills,
  republishOrphans,
  type Straggler,
  takeBackStrandedBills,
  walkNotifications,
} from '../db/transitions/scan.ts';
import { within } from '../lib/timeLimit.ts';
import type { SweepDeps } from './sweepDeps.ts';

const window = 20_000;
/** The time for the scan per sweep: ten million rows take a quarter of an hour. */
const scanMs = 60;

/**
 * Continues the scan of all notifications for a while, and frees bills that nothing else would move: orphans,
 * whose event is gone, and claims without a batch.
 */
export async function findStragglers(
  deps: SweepDeps,
): Promise<{ orphans: number; takenBack: number; doubted: number }> {
  const total = { orphans: 0, takenBack: 0, doubted: 0 };
  const consumed = await consumedChannels(deps);
  const until = performance.now() + scanMs;
  for (let atEnd = false; !atEnd && performance.now() < until; ) {
    const scanned = await walkNotifications(deps.database, {
      window,
      orphanAfterMs: deps.orphanAfterMs,
      batchMaxAgeMs: deps.batchMaxAgeMs,
    });
    atEnd = scanned.atEnd;
    total.orphans += await republish(deps, scanned.stragglers, consumed);
    total.takenBack += await takeBack(deps, scanned.stragglers);
    total.doubted += await doubt(deps, scanned.stragglers);
  }
  return total;
}

/**
 * If Kafka hangs, the next sweep must still run: orphans can wait, but claims of a dead dispatcher cannot.
 */
const kafkaAnswersWithinMs = 5_000;

/**
 * Channels that have consumed everything published before the orphan limit: there, lag is not why a published
 * bill is still PENDING. Asked before the rows are read, so that the answer holds for them.
 *
 * Nobody reads the topic of a channel that `CHANNELS` does not name, so its bills owe their event again: then
 * people see them, and they go on if the channel comes back.
 */
async function consumedChannels({ hasConsumed, ladder, orphanAfterMs }: SweepDeps): Promise<Set<Channel>> {
  const asked = Promise.all(ladder.order.map((channel) => hasConsumed(channel, orphanAfterMs)));
  const answers = (await within(kafkaAnswersWithinMs, asked)) ?? [];
  const unread = channelNames.filter((channel) => !ladder.order.includes(channel));
  return new Set([...unread, ...ladder.order.filter((_, index) => answers[index])]);
}

async function republish(
  { database, orphanAfterMs }: SweepDeps,
  stragglers: readonly Straggler[],
  consumed: ReadonlySet<Channel>,
): Promise<number> {
  const orphans = stragglers.flatMap((straggler): BillId[] =>
    straggler.kind === 'orphan' && consumed.has(straggler.channel) ? [straggler.billId] : [],
  );
  return orphans.length === 0 ? 0 : republishOrphans(database, orphans, orphanAfterMs);
}

function strandedOf<Kind extends 'strandedSending' | 'strandedSent'>(
  stragglers: readonly Straggler[],
  kind: Kind,
) {
  return stragglers.flatMap((straggler) => (straggler.kind === kind ? [straggler] : []));
}

async function takeBack({ database }: SweepDeps, stragglers: readonly Straggler[]): Promise<number> {
  const stranded = strandedOf(stragglers, 'strandedSending');
  return stranded.length === 0 ? 0 : takeBackStrandedBills(database, stranded);
}

async function doubt({ database, actor }: SweepDeps, stragglers: readonly Straggler[]): Promise<number> {
  const stranded = strandedOf(stragglers, 'strandedSent');
  return stranded.length === 0 ? 0 : doubtStrandedBills(database, stranded, actor);
}
