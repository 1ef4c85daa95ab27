import { Kafka, logLevel } from 'kafkajs';
import { silenceNegativeTimeouts } from '../kafka/silenceTimerWarning.ts';

export interface ProbedKafka {
  clusterId: string;
  /** The brokers that this one knows to be up, itself among them. */
  nodeIds: number[];
}

/** What the broker answers to a metadata request, or undefined. */
export async function probeKafka(broker: string): Promise<ProbedKafka | undefined> {
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
    return { clusterId, nodeIds: brokers.map(({ nodeId }) => nodeId) };
  } catch {
    return undefined;
  } finally {
    await admin.disconnect();
  }
}
