import type { BenchOptions } from '../options.ts';
import { benchPassphrase, plainBesidePgp } from '../seedBills.ts';
import type { BenchServers } from './benchServers.ts';
import type { RunTopics } from './benchTopics.ts';
import type { BenchDatabase } from './databases.ts';

/** The environment of a measured process: that of this process, with the settings of the run. */
export function childEnvironment(run: {
  readonly ledgerFile: string;
  readonly servers: BenchServers;
  readonly database: BenchDatabase;
  readonly topics: RunTopics;
  readonly options: BenchOptions;
}): NodeJS.ProcessEnv {
  const { ledgerFile, servers, database, topics, options } = run;
  return {
    ...process.env,
    KAFKA_BROKERS: servers.kafkaBrokers,
    DATABASE_URL: database.url,
    KAFKA_GROUP_ID: topics.groupId,
    TOPIC_EMAIL: topics.EMAIL,
    TOPIC_SMS: topics.SMS,
    TOPIC_DLT: topics.deadLetter,
    SIMULATED_DELAY_MS: String(options.delay),
    SIMULATED_SEED: '1',
    SIMULATED_LEDGER: ledgerFile,
    CIPHER: options.cipher,
    CIPHER_FIELDS: options.cipher === 'pgp' ? listOf(plainBesidePgp) : '',
    PGP_PASSPHRASE: benchPassphrase,
    LOG_LEVEL: 'warn',
    ...(options.batchSize === undefined ? {} : { BATCH_SIZE: String(options.batchSize) }),
    ...(options.inFlight === undefined ? {} : { MAX_IN_FLIGHT: String(options.inFlight) }),
  };
}

function listOf(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([field, cipher]) => `${field}:${cipher}`)
    .join(',');
}

/** `POSTFIX_SBIN`: the folder of Postfix's smtp-sink and smtp-source. */
export function postfixFolder(): string | undefined {
  return process.env.POSTFIX_SBIN || undefined;
}
