import { Kafka, logLevel } from 'kafkajs';
import { silenceNegativeTimeouts } from '../nodeWarnings.ts';

/** The cluster id when the broker answers a metadata request with itself in it, or undefined. */
export const probeKafka = async (broker: string): Promise<string | undefined> => {
  silenceNegativeTimeouts();
  const kafka = new Kafka({
    clientId: 'billcast-embedded',
    brokers: [broker],
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { brokers, clusterId } = await admin.describeCluster();
    return brokers.length > 0 ? clusterId : undefined;
  } catch {
    return undefined;
  } finally {
    await admin.disconnect();
  }
};
