import type { Command } from 'commander';
import { loadConfig } from '../../config/loadConfig.ts';
import { embeddedStatus, stopEmbedded } from '../../embedded/openEmbedded.ts';
import { startEmbeddedServers } from '../../operations/embeddedServers.ts';
import { parseBrokers } from '../arguments.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { printFacts, printNote } from '../output.ts';

export function defineEmbedded(embedded: Command): void {
  embedded.description('Manages the Kafka and PostgreSQL that come with billcast, if you have none.');
  const startCommand = embedded
    .command('start')
    .description('start both, leave them running, and print their addresses')
    .option(
      '--brokers <n>',
      'how many brokers Kafka has (default: as many as last time, at first 1); each number has its own data',
      parseBrokers,
    )
    .addOption(jsonOption())
    .action(start);
  const stopCommand = embedded
    .command('stop')
    .description('stop both cleanly, even if another process started them; their data stay')
    .addOption(jsonOption())
    .action(stop);
  const statusCommand = embedded
    .command('status')
    .description('show whether they run, their addresses, and the processes that use them')
    .addOption(jsonOption())
    .action(status);
  addUsage(startCommand, {
    examples: [
      ['embedded start', 'start both and leave them running'],
      ['embedded start --brokers 3 --json', 'three brokers, and the addresses for a script'],
    ],
  });
  addUsage(stopCommand, { examples: [['embedded stop', 'stop both; the data stay']] });
  addUsage(statusCommand, { examples: [['embedded status', 'addresses, and who uses them']] });
}

async function start({ brokers, json }: { brokers?: number; json?: boolean }): Promise<void> {
  const { dataDir } = loadConfig();
  const servers = await startEmbeddedServers({
    dataDir,
    onProgress: printNote,
    ...(brokers === undefined ? {} : { brokers }),
  });
  printFacts(servers, { json });
}

async function stop({ json }: { json?: boolean }): Promise<void> {
  await stopEmbedded({ dataDir: loadConfig().dataDir, onProgress: printNote });
  if (json) printFacts({ stopped: true }, { json });
}

async function status(options: { json?: boolean }): Promise<void> {
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
}

function line(facts: object): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
