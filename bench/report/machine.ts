import { cpus, loadavg, release, totalmem } from 'node:os';
import type { Database } from '../../src/db/database.ts';
import { KAFKA_VERSION } from '../../src/embedded/kafkaJars.ts';

/** Where and with what a measurement was made. */
export interface Machine {
  readonly at: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  /** Of the server; Kafka's is known only where it is the embedded one. */
  readonly postgres: string;
  readonly kafka: string;
  /** What else was running: the load average over the minute before. */
  readonly loadBefore: number;
}

export const describeMachine = async (database: Database, embeddedKafka: boolean): Promise<Machine> => {
  const [row] = await database.query<[string]>({
    name: 'version',
    text: `select current_setting('server_version')`,
  });
  return {
    at: new Date().toISOString(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    postgres: row?.[0] ?? 'unknown',
    kafka: embeddedKafka ? KAFKA_VERSION : 'the user’s own',
    loadBefore: loadavg()[0] ?? 0,
  };
};

/** One line for people; a busy machine is said to be one, since its figures mean little. */
export const machineLine = (machine: Machine): string => {
  const busy = machine.loadBefore > machine.cores / 4 ? ' BUSY: other programs were running.' : '';
  return (
    `${machine.cores} cores (${machine.processor}), ${machine.memoryGb} GiB, Linux ${machine.kernel}, ` +
    `Node ${machine.node}, PostgreSQL ${machine.postgres}, Kafka ${machine.kafka}; ${machine.at}; ` +
    `load average before: ${machine.loadBefore.toFixed(2)}.${busy}`
  );
};
