import type { BillId } from '../bill.ts';
import type { Channel } from '../channels.ts';
import {
  doubtStrandedBills,
  republishOrphans,
  type Straggler,
  takeBackStrandedBills,
  walkNotifications,
} from '../db/transitions/scan.ts';
import { within } from '../lib/timeLimit.ts';
import type { SweepDeps } from './sweep.ts';

const window = 20_000;
/** What one sweep may spend on the walk; ten million rows are through in a quarter of an hour. */
const walkMs = 60;

/**
 * Walks on through all notifications for a while and frees what nobody is going to move: orphans (their
 * event is gone) and claims without a batch.
 */
export async function findStragglers(
  deps: SweepDeps,
): Promise<{ orphans: number; takenBack: number; doubted: number }> {
  const total = { orphans: 0, takenBack: 0, doubted: 0 };
  const consumed = await consumedChannels(deps);
  const until = performance.now() + walkMs;
  for (let atEnd = false; !atEnd && performance.now() < until; ) {
    const walked = await walkNotifications(deps.database, {
      window,
      orphanAfterMs: deps.orphanAfterMs,
      batchMaxAgeMs: deps.batchMaxAgeMs,
    });
    atEnd = walked.atEnd;
    total.orphans += await republish(deps, walked.stragglers, consumed);
    total.takenBack += await takeBack(deps, walked.stragglers);
    total.doubted += await doubt(deps, walked.stragglers);
  }
  return total;
}

/** A Kafka that hangs must not hold up the next sweep: orphans can wait for it, what a dead dispatcher held cannot. */
const kafkaAnswersWithinMs = 5_000;

/**
 * Channels whose lag does not explain that a published bill is still PENDING: all that was published before
 * the orphan limit has been consumed. Asked before the rows are read, so that the answer holds for them.
 */
async function consumedChannels({ hasConsumed, orphanAfterMs }: SweepDeps): Promise<Set<Channel>> {
  const channels = ['EMAIL', 'SMS'] as const;
  const asked = Promise.all(channels.map((channel) => hasConsumed(channel, orphanAfterMs)));
  const answers = (await within(kafkaAnswersWithinMs, asked)) ?? [];
  return new Set(channels.filter((_, index) => answers[index]));
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
