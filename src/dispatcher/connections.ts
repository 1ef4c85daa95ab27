import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { DispatcherId } from '../bill.ts';
import type { Config } from '../config.ts';
import { createKafka, type Kafka } from '../consumer/kafka.ts';
import { createDatabase, type Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import { createOutage, type Outage } from '../outage.ts';
import type { Servers } from '../servers.ts';

/** Who this process is, and its ways to the servers. */
export interface Connections {
  readonly id: DispatcherId;
  /** `host:pid`, for logs and the journal. */
  readonly name: string;
  /** For the path of the bills. */
  readonly database: Database;
  /** For heartbeat, switches, relay and sweep: they never wait behind the path of the bills. */
  readonly control: Database;
  readonly kafka: Kafka;
  /** Of PostgreSQL, shared by all who ask it. */
  readonly outage: Outage;
  /** Stops waiting for PostgreSQL and closes its connections. */
  closeDatabases(): Promise<void>;
}

const statementTimeoutMs = 60_000;
const controlConnections = 4;

/** Connects nothing yet: each server is connected to when it is first asked. */
export const createConnections = (options: {
  config: Config;
  servers: Pick<Servers, 'kafkaBrokers' | 'databaseUrl'>;
  log: Logger;
}): Connections => {
  const { config, servers, log } = options;
  const name = `${hostname()}:${process.pid}`;
  const outage = createOutage(log, 'postgresql');
  const connect = (poolSize: number): Database =>
    createDatabase({
      url: servers.databaseUrl,
      poolSize,
      log,
      outage,
      patienceMs: Number.POSITIVE_INFINITY,
      statementTimeoutMs,
    });
  const database = connect(config.database.poolSize);
  const control = connect(controlConnections);
  return {
    id: randomUUID() as string as DispatcherId,
    name,
    database,
    control,
    kafka: createKafka({ brokers: servers.kafkaBrokers, clientId: `billcast-${name}`, log }),
    outage,
    async closeDatabases() {
      await Promise.all([database.close(), control.close()]);
    },
  };
};
