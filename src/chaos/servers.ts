import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { embeddedStatus, type OpenServers, openEmbedded, stopEmbedded } from '../embedded/embedded.ts';
import { BillcastError } from '../errors.ts';

/** Of a run's folder. */
export const serversFolder = (folder: string): string => join(folder, 'servers');

export type ServerName = 'kafka' | 'postgres';

/** Kafka and PostgreSQL of this run alone, which it may kill. */
export interface OwnServers {
  readonly kafkaBroker: string;
  readonly databaseUrl: string;
  /** `kill -9`; complete when the process is gone. */
  kill(server: ServerName): Promise<void>;
  /** Starts it again on its data and its port, and returns when it answers. */
  start(server: ServerName): Promise<void>;
  /** Stops both. */
  close(): Promise<void>;
}

/** @throws BillcastError as openEmbedded */
export const openOwnServers = async (options: {
  dataDir: string;
  jarsDir: string;
  onProgress: (line: string) => void;
}): Promise<OwnServers> => {
  const opened: OpenServers[] = [];
  const open = async (needs: { kafka: boolean; postgres: boolean }): Promise<OpenServers> => {
    const servers = await openEmbedded({ ...options, needs });
    opened.push(servers);
    return servers;
  };
  const { kafkaBrokers: kafkaBroker = '', databaseUrl = '' } = await open({ kafka: true, postgres: true });
  return {
    kafkaBroker,
    databaseUrl,
    kill: (server) => kill(options.dataDir, server),
    async start(server) {
      const again = await open({ kafka: server === 'kafka', postgres: server === 'postgres' });
      const moved =
        server === 'kafka' ? again.kafkaBrokers !== kafkaBroker : again.databaseUrl !== databaseUrl;
      if (moved) throw new BillcastError('CHAOS_FAILED', `another program took the port of ${server}`);
    },
    async close() {
      for (const { close } of opened) await close();
    },
  };
};

/**
 * Ends both, whoever started them: Kafka at once, for its data are of no use any more, PostgreSQL so that no shared
 * memory stays.
 * @returns whether there was one
 */
export const endServers = async (dataDir: string): Promise<boolean> => {
  const { kafka, postgres } = await embeddedStatus({ dataDir });
  await kill(dataDir, 'kafka');
  await stopEmbedded({ dataDir, onProgress: () => undefined });
  return kafka.running || postgres.running;
};

const goneEveryMs = 20;

const kill = async (dataDir: string, server: ServerName): Promise<void> => {
  const { pid } = (await embeddedStatus({ dataDir }))[server];
  if (pid === undefined) return;
  process.kill(pid, 'SIGKILL');
  while ((await embeddedStatus({ dataDir }))[server].pid === pid) await sleep(goneEveryMs);
};
