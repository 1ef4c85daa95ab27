import type { TracedBatch } from '../../metrics/batchTracer.ts';
import type { Lane, RecordBatch } from './lane.ts';

/** Enough to find some of its bills. */
const mostIds = 10;

/** What a trace says about a batch: ids of bills, and nothing else about them. */
export function tracedBatch({ channel, name }: Lane, { records }: RecordBatch): TracedBatch {
  return {
    topic: records[0]?.topic ?? '',
    channel,
    provider: name,
    records: records.length,
    billIds: () =>
      records.slice(0, mostIds).flatMap(({ event }) => (event.kind === 'event' ? event.billId : [])),
  };
}
