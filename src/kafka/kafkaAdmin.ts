import type { Admin, Kafka } from 'kafkajs';
import { BillcastError } from '../errors.ts';
import { sleep } from '../lib/sleep.ts';
import { throwIfSettings } from './kafkaClient.ts';
import { classifyKafkaError } from './kafkaError.ts';

/** A broker that has just started loads its groups: until then it says that it cannot answer yet. */
const adminPatienceMs = 15_000;
const adminPauseMs = 200;

/** Connects an admin for the work, and tries again while the brokers say that they cannot answer yet. */
export async function withAdmin<T>(
  { kafka, patienceMs = adminPatienceMs }: { kafka: Kafka; patienceMs?: number },
  failure: string,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    try {
      return await withConnectedAdmin(kafka, work);
    } catch (error) {
      await throwIfSettings(kafka, error);
      if (!classifyKafkaError(error).retriable || performance.now() > giveUpAt) {
        throw new BillcastError('KAFKA_FAILED', `${failure} Check KAFKA_BROKERS and that the topics exist.`, {
          cause: error,
        });
      }
      await sleep(adminPauseMs);
    }
  }
}

async function withConnectedAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
