import type { Config } from '../config/loadConfig.ts';
import { openEmbedded } from './openEmbedded.ts';

/** Where Kafka and PostgreSQL are: the user's own, or the embedded ones. */
export interface Endpoints {
  /** host:port each. */
  readonly kafkaBrokers: readonly string[];
  readonly databaseUrl: string;
  /** Which of them are the project's own; sample data goes only into an own database. */
  readonly embedded: { readonly kafka: boolean; readonly postgres: boolean };
  /** Lets the embedded ones go: the last process that uses them stops them. Can be called twice. */
  close(): Promise<void>;
}

/**
 * Finds the servers that the settings name, and starts embedded ones for those that they do not.
 * @throws BillcastError JAVA_MISSING, MAVEN_MISSING or EMBEDDED_FAILED
 */
export async function resolveEndpoints(
  config: Config,
  onProgress: (line: string) => void,
): Promise<Endpoints> {
  const { brokers } = config.kafka;
  const { url } = config.database;
  const needs = { kafka: brokers === undefined, postgres: url === undefined };
  const embedded =
    needs.kafka || needs.postgres
      ? await openEmbedded({ dataDir: config.dataDir, needs, onProgress })
      : undefined;
  return {
    kafkaBrokers: brokers ?? required(embedded?.kafkaBrokers).split(','),
    databaseUrl: url ?? required(embedded?.databaseUrl),
    embedded: needs,
    close: async () => embedded?.close(),
  };
}

function required(address: string | undefined): string {
  if (address === undefined) throw new TypeError('an embedded server that was asked for has no address');
  return address;
}
