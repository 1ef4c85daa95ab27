import kafkajs, { type Kafka } from 'kafkajs';
import { BillcastError } from '../errors.ts';
import type { Logger } from '../log/log.ts';
import { registerCodecs } from './codecs.ts';
import { explainConnectionFault, type KafkaConnectionOptions } from './connectionFault.ts';
import { kafkaLogCreator, kafkaLogLevel } from './kafkaLog.ts';
import { saslOptionsOf } from './kafkaSasl.ts';
import { type KafkaSecurity, noSecurity } from './kafkaSecurity.ts';
import { checkTlsFiles, createSocketFactory, withoutColons } from './kafkaSockets.ts';
import { keepLeaderlessPartitions } from './leaderlessPartitions.ts';
import { silenceNegativeTimeouts } from './silenceTimerWarning.ts';

export type { Kafka } from 'kafkajs';

/**
 * kafkajs as billcast uses it: with every codec, its log in ours, and retries for about three seconds. One
 * instance per process, and at most one consumer per group on it: kafkajs keeps the committed offsets of a
 * group in the instance.
 * @throws BillcastError CONFIG_INVALID for a TLS file that cannot be read
 */
export function createKafka(options: {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly log: Logger;
  /** TLS and login; none by default. */
  readonly security?: KafkaSecurity;
  /** How long a broker may take to answer; 30 s by default. */
  readonly requestTimeoutMs?: number;
}): Kafka {
  registerCodecs();
  keepLeaderlessPartitions();
  silenceNegativeTimeouts();
  const { brokers, security = noSecurity } = options;
  if (security.tls !== undefined) checkTlsFiles(security.tls);
  const kafka = new kafkajs.Kafka({
    brokers: brokers.map(withoutColons),
    clientId: options.clientId,
    socketFactory: createSocketFactory(security.tls),
    ...(security.tls === undefined ? {} : { ssl: true }),
    ...(security.sasl === undefined ? {} : { sasl: saslOptionsOf(security.sasl) }),
    connectionTimeout: 3_000,
    requestTimeout: options.requestTimeoutMs ?? 30_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 },
    logCreator: kafkaLogCreator(options.log),
    logLevel: kafkaLogLevel(options.log),
  });
  connectionsOf.set(kafka, { brokers, security });
  return kafka;
}

/** The settings of each client, to find out what is wrong with them if it cannot connect. */
const connectionsOf = new WeakMap<Kafka, KafkaConnectionOptions>();

/**
 * Runs a step that talks to Kafka.
 * @throws BillcastError KAFKA_SETTINGS if it fails and waiting cannot fix that; else the step's own error
 */
export async function explained<T>(kafka: Kafka, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    await throwIfSettings(kafka, error);
    throw error;
  }
}

/** @throws BillcastError KAFKA_SETTINGS if waiting cannot fix it */
export async function throwIfSettings(kafka: Kafka, error: unknown): Promise<void> {
  const connection = connectionsOf.get(kafka);
  const why = connection && (await explainConnectionFault(error, connection));
  if (why !== undefined) throw new BillcastError('KAFKA_SETTINGS', why, { cause: error });
}
