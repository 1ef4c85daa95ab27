import { isolate } from '../../db/isolate.ts';
import { keepEarlyEvents } from '../../db/transitions/earlyEvents.ts';
import type { Lane } from './lane.ts';
import { type EventRecord, positionOf } from './quarantine.ts';
import type { StageDeps } from './stage.ts';

/**
 * Keeps events that came before the rows of their bills, and skips their records. This happens if another
 * system writes to Kafka before its transaction commits. The sweeper releases the bills when their rows come.
 * What the database cannot keep now is postponed.
 */
export async function keepEarly(
  { database, throttledLog }: Pick<StageDeps, 'database' | 'throttledLog'>,
  lane: Lane,
  early: readonly EventRecord[],
): Promise<void> {
  const run = async (part: readonly EventRecord[]) => {
    await keepEarlyEvents(database, part.map(toKeep));
    return part;
  };
  for await (const outcome of isolate(early, { run, throttledLog })) {
    if (outcome.kind !== 'done') {
      const items = outcome.kind === 'stuck' ? outcome.items : [outcome.item];
      throttledLog.warn(
        'event cannot be kept until its row comes, its offset stays',
        { billId: items[0]?.event.billId, code: outcome.code },
        items.length,
      );
      lane.postpone(items);
      continue;
    }
    for (const record of outcome.result) {
      const { billId } = record.event;
      throttledLog.warn('event came before the row of its bill, it is kept', {
        ...positionOf(record),
        billId,
      });
      lane.skip(record);
    }
  }
}

function toKeep(record: EventRecord) {
  const { billId, memberId } = record.event;
  return { ...positionOf(record), ...record.bytes(), billId, memberId };
}
