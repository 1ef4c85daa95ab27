import type { Database } from '../db/database.ts';
import { markEventsPublished } from '../db/transitions/outbox.ts';
import { markPoisonPublished, type OwedPoison } from '../db/transitions/poisonRecords.ts';
import type { Logger } from '../log/log.ts';
import type { Source } from './backlog.ts';

/** A row whose record has been acknowledged. */
export interface Mark {
  readonly source: Source;
  /** The dead letter was published without its bytes. */
  readonly isShortened: boolean;
}

/** Marks rows as published: one statement for events, one for dead letters. */
export async function markPublished(
  { database, log }: { database: Database; log: Logger },
  marks: readonly Mark[],
): Promise<void> {
  const events = marks.flatMap(({ source }) => (source.kind === 'bill' ? [source.event] : []));
  if (events.length > 0) await markEventsPublished(database, events);
  const poison = (isShortened: boolean): OwedPoison[] =>
    marks.flatMap((mark) =>
      mark.source.kind === 'poison' && mark.isShortened === isShortened ? [mark.source.poison] : [],
    );
  const [whole, shortened] = [poison(false), poison(true)];
  if (whole.length > 0) await markPoisonPublished(database, whole);
  if (shortened.length === 0) return;
  // The dead letter topic does not have their bytes, so these stay in the row.
  await markPoisonPublished(database, shortened, { keepBytes: true });
  for (const { topic, partition, offset, reason } of shortened) {
    log.warn(
      { topic, partition, offset, reason },
      'record is too large for the dead letter topic: published without its bytes, which stay in ' +
        'poison_record',
    );
  }
}
