import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EmbeddedStatus,
  embeddedStatus,
  type OpenServers,
  openEmbedded,
  startEmbeddedBroker,
  stopEmbedded,
  stopEmbeddedBroker,
} from '../../src/embedded/openEmbedded.ts';
import { BillcastError } from '../../src/errors.ts';

/** The part of a run's folder that holds the servers' data. */
export function serversFolder(folder: string): string {
  return join(folder, 'servers');
}

export type ServerName = 'kafka' | 'postgres';

/** Kafka and PostgreSQL for this run only, which it may kill. */
export interface OwnServers {
  /** host:port, separated by commas. */
  readonly kafkaBrokers: string;
  readonly databaseUrl: string;
  readonly brokers: OwnBrokers;
  /** `kill -9`, of all brokers if there are several. Resolves when the processes are gone. */
  kill(server: ServerName): Promise<void>;
  /** Restarts it on its data and its port. Resolves when it answers. */
  start(server: ServerName): Promise<void>;
  /** Stops both. */
  close(): Promise<void>;
}

/** The brokers of a cluster, by their numbers from 1. */
export interface OwnBrokers {
  readonly count: number;
  /** `kill -9`. Resolves when the process is gone. */
  kill(broker: number): Promise<void>;
  /** A clean stop: its partitions get new leaders first. */
  stop(broker: number): Promise<void>;
  /** Restarts it on its data and its port. Resolves when it answers. */
  start(broker: number): Promise<void>;
}

interface OwnServersOptions {
  readonly dataDir: string;
  readonly jarsDir: string;
  readonly brokers: number;
  readonly onProgress: (line: string) => void;
}

/** @throws BillcastError as openEmbedded */
export async function openOwnServers(options: OwnServersOptions): Promise<OwnServers> {
  const opened: OpenServers[] = [];
  const open = async (needs: { kafka: boolean; postgres: boolean }): Promise<OpenServers> => {
    const servers = await openEmbedded({ ...options, needs });
    opened.push(servers);
    return servers;
  };
  const { kafkaBrokers = '', databaseUrl = '' } = await open({ kafka: true, postgres: true });
  return {
    kafkaBrokers,
    databaseUrl,
    brokers: brokersOf(options),
    kill: (server) => kill(options.dataDir, server),
    async start(server) {
      const again = await open({ kafka: server === 'kafka', postgres: server === 'postgres' });
      const moved =
        server === 'kafka' ? again.kafkaBrokers !== kafkaBrokers : again.databaseUrl !== databaseUrl;
      if (moved) throw new BillcastError('CHAOS_FAILED', `another program took the port of ${server}`);
    },
    async close() {
      for (const { close } of opened) await close();
    },
  };
}

/**
 * Ends both, also if another process started them. Kafka is killed, since nobody needs its data any more.
 * PostgreSQL is stopped, so that no shared memory stays.
 * @returns whether any server was running
 */
export async function endServers(dataDir: string): Promise<boolean> {
  const { kafka, postgres } = await embeddedStatus({ dataDir });
  await kill(dataDir, 'kafka');
  await stopEmbedded({ dataDir, onProgress: () => undefined });
  return kafka.running || postgres.running;
}

function brokersOf(options: OwnServersOptions): OwnBrokers {
  return {
    count: options.brokers,
    kill: (broker) =>
      killProcesses(options.dataDir, ({ kafka }) =>
        pidsOf(kafka.brokers?.filter((one) => one.broker === broker)),
      ),
    stop: (broker) => stopEmbeddedBroker(options, broker),
    start: (broker) => startEmbeddedBroker(options, broker),
  };
}

function kill(dataDir: string, server: ServerName): Promise<void> {
  return killProcesses(dataDir, ({ kafka, postgres }) =>
    server === 'kafka' ? pidsOf(kafka.brokers ?? [kafka]) : pidsOf([postgres]),
  );
}

function pidsOf(servers: readonly { pid?: number }[] = []): number[] {
  return servers.flatMap(({ pid }) => pid ?? []);
}

const goneEveryMs = 20;

async function killProcesses(dataDir: string, find: (status: EmbeddedStatus) => number[]): Promise<void> {
  const pids = find(await embeddedStatus({ dataDir }));
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  while (find(await embeddedStatus({ dataDir })).some((pid) => pids.includes(pid))) await sleep(goneEveryMs);
}
