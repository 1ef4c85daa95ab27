import kafkajs from 'kafkajs';
import { firstBillId } from '../seedBills.ts';
import type { RunTopics } from '../system/benchTopics.ts';

const eventsPerSend = 5_000;

/** Publishes the event of every bill as a billing batch would: with a key, compressed with lz4. */
export async function produceEvents({ kafka, EMAIL: topic }: RunTopics, bills: number): Promise<void> {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  try {
    for (let from = 1; from <= bills; from += eventsPerSend) {
      await producer.send({
        topic,
        acks: -1,
        compression: kafkajs.CompressionTypes.LZ4,
        messages: eventsOf(from, Math.min(from + eventsPerSend - 1, bills), bills),
      });
    }
  } finally {
    await producer.disconnect();
  }
}

function eventsOf(from: number, to: number, bills: number) {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const memberId = from + index;
    const billId = firstBillId(bills) + memberId - 1;
    return { key: String(billId), value: `{"memberId":${memberId},"billId":${billId}}` };
  });
}
