import type { Config } from '../config/loadConfig.ts';

/** The addresses of Kafka and PostgreSQL: the user's own servers, or the embedded ones. */
export interface Endpoints {
  /** Each as `host:port`. */
  readonly kafkaBrokers: readonly string[];
  readonly databaseUrl: string;
  /** Which of them are embedded. Sample data goes into an embedded database only. */
  readonly embedded: { readonly kafka: boolean; readonly postgres: boolean };
  /** Releases the embedded servers: the last process that uses them stops them. May be called twice. */
  close(): Promise<void>;
}

/**
 * Uses the servers in the settings, and starts embedded ones for those that are not set.
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
      ? // Loaded only here: it is not needed beside servers that the settings name.
        await (await import('./openEmbedded.ts')).openEmbedded({ dataDir: config.dataDir, needs, onProgress })
      : undefined;
  return {
    kafkaBrokers: brokers ?? required(embedded?.kafkaBrokers).split(','),
    databaseUrl: url ?? required(embedded?.databaseUrl),
    embedded: needs,
    close: async () => embedded?.close(),
  };
}

function required(address: string | undefined): string {
  if (address === undefined) throw new TypeError('a requested embedded server has no address');
  return address;
}
