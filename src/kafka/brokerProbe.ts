import kafkajs from 'kafkajs';
import { silenceNegativeTimeouts } from './silenceTimerWarning.ts';

export interface ProbedBroker {
  readonly clusterId: string;
  /** The brokers that this broker believes to be up, itself included. */
  readonly nodeIds: readonly number[];
}

/** Sends one metadata request without TLS and login; undefined if the broker does not answer it. */
export async function probeBroker(broker: string): Promise<ProbedBroker | undefined> {
  silenceNegativeTimeouts();
  const kafka = new kafkajs.Kafka({
    clientId: 'billcast-probe',
    brokers: [broker],
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    retry: { retries: 0 },
    logLevel: kafkajs.logLevel.NOTHING,
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
