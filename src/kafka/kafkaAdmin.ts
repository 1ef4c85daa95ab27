import type { Admin, Kafka } from 'kafkajs';
import { BillcastError } from '../errors.ts';
import { sleep } from '../lib/sleep.ts';
import { throwIfSettings } from './kafkaClient.ts';
import { classifyKafkaError } from './kafkaError.ts';

/** A broker that has just started cannot answer until it has loaded its groups. */
const adminPatienceMs = 15_000;
const adminPauseMs = 200;

/**
 * Connects an admin client for the work, and retries while the brokers cannot answer yet.
 * @throws BillcastError KAFKA_FAILED, or KAFKA_SETTINGS if waiting cannot fix it
 */
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
