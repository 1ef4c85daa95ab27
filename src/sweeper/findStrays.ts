import type { BillId, Channel } from '../bill.ts';
import { within } from '../consumer/timeLimit.ts';
import {
  doubtStrandedBills,
  republishOrphans,
  type Stray,
  takeBackStrandedBills,
  walkNotifications,
} from '../db/walk.ts';
import type { SweepParts } from './sweep.ts';

const window = 20_000;
/** What one sweep may spend on the walk; ten million rows are through in a quarter of an hour. */
const walkMs = 60;

/**
 * Walks on through all notifications for a while and frees what nobody is going to move: orphans (their
 * event is gone) and claims without a batch.
 */
export const findStrays = async (
  parts: SweepParts,
): Promise<{ orphans: number; takenBack: number; doubted: number }> => {
  const total = { orphans: 0, takenBack: 0, doubted: 0 };
  const consumed = await consumedChannels(parts);
  const until = performance.now() + walkMs;
  for (let atEnd = false; !atEnd && performance.now() < until; ) {
    const walked = await walkNotifications(parts.database, {
      window,
      orphanAfterMs: parts.orphanAfterMs,
      batchMaxAgeMs: parts.batchMaxAgeMs,
    });
    atEnd = walked.atEnd;
    total.orphans += await republish(parts, walked.strays, consumed);
    total.takenBack += await takeBack(parts, walked.strays);
    total.doubted += await doubt(parts, walked.strays);
  }
  return total;
};

/** A Kafka that hangs must not hold up the next sweep: orphans can wait for it, what a dead dispatcher held cannot. */
const kafkaAnswersWithinMs = 5_000;

/**
 * Channels whose lag does not explain that a published bill is still PENDING: all that was published before
 * the orphan limit has been consumed. Asked before the rows are read, so that the answer holds for them.
 */
const consumedChannels = async ({ hasConsumed, orphanAfterMs }: SweepParts): Promise<Set<Channel>> => {
  const channels = ['EMAIL', 'SMS'] as const;
  const asked = Promise.all(channels.map((channel) => hasConsumed(channel, orphanAfterMs)));
  const answers = (await within(kafkaAnswersWithinMs, asked)) ?? [];
  return new Set(channels.filter((_, index) => answers[index]));
};

const republish = async (
  { database, orphanAfterMs }: SweepParts,
  strays: readonly Stray[],
  consumed: ReadonlySet<Channel>,
): Promise<number> => {
  const orphans = strays.flatMap((stray): BillId[] =>
    stray.kind === 'orphan' && consumed.has(stray.channel) ? [stray.billId] : [],
  );
  return orphans.length === 0 ? 0 : republishOrphans(database, orphans, orphanAfterMs);
};

const strandedOf = <Kind extends 'strandedSending' | 'strandedSent'>(strays: readonly Stray[], kind: Kind) =>
  strays.flatMap((stray) => (stray.kind === kind ? [stray] : []));

const takeBack = async ({ database }: SweepParts, strays: readonly Stray[]): Promise<number> => {
  const stranded = strandedOf(strays, 'strandedSending');
  return stranded.length === 0 ? 0 : takeBackStrandedBills(database, stranded);
};

const doubt = async ({ database, actor }: SweepParts, strays: readonly Stray[]): Promise<number> => {
  const stranded = strandedOf(strays, 'strandedSent');
  return stranded.length === 0 ? 0 : doubtStrandedBills(database, stranded, actor);
};
