import { classifyKafkaError } from '../kafka/kafkaError.ts';
import type { Logger } from '../log/log.ts';
import type { Source } from './backlog.ts';

/** Records that their topic refused in every form. They stay owed and are retried once a minute. */
export interface RefusedRecords {
  isWaiting(source: Source): boolean;
  add(topic: string, refused: readonly { readonly source: Source; readonly error: unknown }[]): void;
}

const againAfterMs = 60_000;
/** If there are more, they are retried sooner, so that memory stays bounded. */
const mostRemembered = 100_000;

export function createRefusedRecords(
  log: Logger,
  now: () => number = () => performance.now(),
): RefusedRecords {
  const waiting = new Map<string, number>();
  const quietUntil = new Map<string, number>();
  return {
    isWaiting(source) {
      if (waiting.size === 0) return false;
      const id = idOf(source);
      const until = waiting.get(id);
      if (until === undefined) return false;
      if (now() < until) return true;
      waiting.delete(id);
      return false;
    },
    add(topic, refused) {
      const [first] = refused;
      if (first === undefined) return;
      if (waiting.size > mostRemembered) waiting.clear();
      for (const { source } of refused) waiting.set(idOf(source), now() + againAfterMs);
      const { type } = classifyKafkaError(first.error);
      if (now() < (quietUntil.get(`${topic} ${type}`) ?? 0)) return;
      quietUntil.set(`${topic} ${type}`, now() + againAfterMs);
      log.error(
        { topic, records: refused.length, error: type, todo: adviceOn(type) },
        'topic refuses records: they stay owed, all others are published',
      );
    },
  };
}

/** If the row changes, it owes another record, with another id. */
function idOf(source: Source): string {
  if (source.kind === 'bill') return `${source.event.billId} ${source.event.publishSeq}`;
  const { topic, partition, offset, recordedAt } = source.poison;
  return `${topic} ${partition} ${offset} ${recordedAt}`;
}

function adviceOn(type: string | undefined): string {
  return type === 'INVALID_RECORD'
    ? 'set cleanup.policy=delete: a compacted topic refuses records without a key'
    : 'raise max.message.bytes of the topic';
}
