import { isolate } from '../../db/isolate.ts';
import { keepEarlyEvents } from '../../db/transitions/earlyEvents.ts';
import type { PipelineDeps } from './pipelineDeps.ts';
import { type EventRecord, positionOf } from './quarantine.ts';

/**
 * Keeps events that came before the rows of their bills, as from a system that writes to Kafka before its transaction
 * commits; then their offsets may pass. The sweeper lets the bills go when their rows come.
 * @returns those that the database did not keep: their offsets stay, and they are claimed again later
 */
export async function keepEarly(
  { database, throttledLog }: Pick<PipelineDeps, 'database' | 'throttledLog'>,
  early: readonly EventRecord[],
): Promise<EventRecord[]> {
  const left: EventRecord[] = [];
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
      left.push(...items);
      continue;
    }
    for (const record of outcome.result) {
      const { billId } = record.event;
      throttledLog.warn('event came before the row of its bill, it is kept', {
        ...positionOf(record),
        billId,
      });
      record.done();
    }
  }
  return left;
}

function toKeep(record: EventRecord) {
  const { billId, memberId } = record.event;
  return { ...positionOf(record), ...record.bytes(), billId, memberId };
}
