import type { Command } from 'commander';
import { loadConfig } from '../../config/loadConfig.ts';
import { createDatabase } from '../../db/database.ts';
import { updateSchema } from '../../db/schema.ts';
import { embeddedStatus, startEmbedded, stopEmbedded } from '../../embedded/openEmbedded.ts';
import { createLogger } from '../../log/log.ts';
import { parseBrokers } from '../arguments.ts';
import { printFacts, tell } from '../system.ts';

export function addEmbedded(program: Command): void {
  const embedded = program
    .command('embedded')
    .description('the Kafka and PostgreSQL that come with billcast, for those who have none');
  embedded
    .command('start')
    .description('start both and leave them running; prints where they are')
    .option(
      '--brokers <n>',
      'how many brokers Kafka has, as many as last time by default, one at first; each number has data of its own',
      parseBrokers,
    )
    .option('--json', 'print the facts as one line of JSON')
    .action(start);
  embedded
    .command('stop')
    .description('stop both cleanly, whoever started them; their data stay')
    .action(() => stopEmbedded({ dataDir: loadConfig().dataDir, onProgress: tell }));
  embedded
    .command('status')
    .description('whether they run, where, and for whom')
    .option('--json', 'print the facts as one line of JSON')
    .action(async (options: { json?: boolean }) => {
      const { postgres, kafka, ...rest } = await embeddedStatus({ dataDir: loadConfig().dataDir });
      if (options.json) {
        printFacts({ ...rest, postgres, kafka }, options);
        return;
      }
      const { brokers = [], ...whole } = kafka;
      const lines = brokers.map(({ broker, ...facts }) => [`kafka broker ${broker}`, line(facts)]);
      printFacts(
        { ...rest, postgres: line(postgres), kafka: line(whole), ...Object.fromEntries(lines) },
        options,
      );
    });
}

async function start(options: { brokers?: number; json?: boolean }): Promise<void> {
  const { brokers } = options;
  const { dataDir } = loadConfig();
  const servers = await startEmbedded({
    dataDir,
    onProgress: tell,
    ...(brokers === undefined ? {} : { brokers }),
  });
  if (servers.databaseUrl !== undefined) await updateEmbedded(servers.databaseUrl);
  printFacts(servers, options);
}

/** Whoever gets its URL finds the tables, as in any embedded database. */
async function updateEmbedded(url: string): Promise<void> {
  const log = createLogger({ level: 'silent', pretty: false });
  const database = createDatabase({ url, poolSize: 3, log, patienceMs: 5_000 });
  try {
    await updateSchema(database);
  } finally {
    await database.close();
  }
}

function line(facts: object): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
