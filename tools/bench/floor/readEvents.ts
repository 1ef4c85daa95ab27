import type { KafkaMessage } from 'kafkajs';
import type { BillId, Claim, ClaimToken, MemberId } from '../../../src/bill.ts';
import type { Kafka } from '../../../src/kafka/kafkaClient.ts';
import type { BatchLoop } from './batchLoop.ts';

const mostWaiting = 20_000;
const commitEveryMs = 1_000;
/** How long an empty fetch takes, and how long kafkajs sleeps while everything is paused. */
const maxWaitMs = 100;

/** Reads the topic's events into a batch loop. Fetching pauses while too many wait. */
export async function readEvents(
  kafka: Kafka,
  { groupId, topic }: { groupId: string; topic: string },
  batches: BatchLoop<Claim>,
): Promise<void> {
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: maxWaitMs });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let paused = false;
  await consumer.run({
    autoCommitInterval: commitEveryMs,
    eachBatch: async ({ batch }) => {
      batches.add(batch.messages.map(toClaim));
      if (batches.waiting() < mostWaiting || paused) return;
      consumer.pause([{ topic }]);
      paused = true;
    },
  });
  setInterval(() => {
    if (!paused || batches.waiting() > mostWaiting / 2) return;
    consumer.resume([{ topic }]);
    paused = false;
  }, maxWaitMs);
}

/** Without a token: it belongs to the batch, which is not known yet. */
function toClaim({ value }: KafkaMessage): Claim {
  const event: { billId: number; memberId: number } = JSON.parse(String(value));
  return {
    billId: String(event.billId) as BillId,
    memberId: String(event.memberId) as MemberId,
    channel: 'EMAIL',
    cycle: 1,
    attempts: 0,
    triedMs: 0,
    passed: null,
    token: '' as ClaimToken,
  };
}
