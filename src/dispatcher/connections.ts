import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { DispatcherId } from '../bill.ts';
import type { Config } from '../config/loadConfig.ts';
import { createDatabase, type Database } from '../db/database.ts';
import { wordsOf } from '../db/statementFault.ts';
import type { Endpoints } from '../embedded/resolveEndpoints.ts';
import { consumerClientId } from '../kafka/consumerClientId.ts';
import { createKafka, type Kafka } from '../kafka/kafkaClient.ts';
import type { Logger } from '../log/log.ts';
import { createOutage, type Outage } from '../log/outage.ts';

/** Who this process is, and its ways to the servers. */
export interface Connections {
  readonly id: DispatcherId;
  /** `host:pid`, for logs and the journal. */
  readonly name: string;
  /** For the path of the bills. */
  readonly database: Database;
  /** For relay and sweep: they never wait behind the path of the bills. */
  readonly control: Database;
  /** For heartbeat and brakes: they wait behind nobody. */
  readonly pulse: Database;
  readonly kafka: Kafka;
  /**
   * The relay's own client. It gives a silent broker up sooner, so that its partitions are written by
   * another.
   */
  readonly relayKafka: Kafka;
  /** PostgreSQL's outages, shared by all that query it. */
  readonly outage: Outage;
  /** Stops waiting for PostgreSQL and closes its connections. */
  closeDatabases(): Promise<void>;
}

const controlConnections = 5;
const pulseConnections = 2;
/** The path tries smaller parts of a batch itself: `isolate.ts`. */
const stoppedTries = 1;
/**
 * A server may fall silent (its address moved, packets are dropped). The path and the heartbeat wait for it
 * no longer than a claim lasts. Statements that scan more may take a little longer.
 */
function pathTimeoutMs({ claimTtlMs }: Config): number {
  return Math.max(5_000, claimTtlMs);
}
function pulseTimeoutMs({ claimTtlMs }: Config): number {
  return Math.max(1_000, claimTtlMs / 2);
}
function controlTimeoutMs({ claimTtlMs }: Config): number {
  return Math.max(20_000, 2 * claimTtlMs);
}
/** Longer than a leader waits for its replicas. */
const relayRequestTimeoutMs = 15_000;

/** Prepares the connections. Each is opened when its server is first asked. */
export function createConnections(options: {
  config: Config;
  servers: Pick<Endpoints, 'kafkaBrokers' | 'databaseUrl'>;
  log: Logger;
  /** Called while PostgreSQL is away. */
  onWaiting?: (() => void) | undefined;
}): Connections {
  const { config, servers, log, onWaiting } = options;
  const name = `${hostname()}:${process.pid}`;
  const outage = createOutage(log, 'postgresql', { wordsOf, onAway: onWaiting });
  const { source } = config;
  const shared = { url: servers.databaseUrl, log, outage, patienceMs: Number.POSITIVE_INFINITY, source };
  const database = createDatabase({
    ...shared,
    poolSize: config.database.poolSize,
    stoppedTries,
    statementTimeoutMs: pathTimeoutMs(config),
  });
  const control = createDatabase({
    ...shared,
    poolSize: controlConnections,
    statementTimeoutMs: controlTimeoutMs(config),
  });
  const pulse = createDatabase({
    ...shared,
    poolSize: pulseConnections,
    statementTimeoutMs: pulseTimeoutMs(config),
  });
  return {
    id: randomUUID() as string as DispatcherId,
    name,
    database,
    control,
    pulse,
    kafka: createKafka({
      brokers: servers.kafkaBrokers,
      security: config.kafka.security,
      clientId: consumerClientId(name),
      log,
    }),
    relayKafka: createKafka({
      brokers: servers.kafkaBrokers,
      security: config.kafka.security,
      clientId: `billcast-relay-${name}`,
      log,
      requestTimeoutMs: relayRequestTimeoutMs,
    }),
    outage,
    async closeDatabases() {
      await Promise.all([database.close(), control.close(), pulse.close()]);
    },
  };
}
