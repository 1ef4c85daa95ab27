import type { Command } from 'commander';
import { createKafka } from '../../consumer/kafka.ts';
import { createProviders, stopProviders } from '../../send/providers.ts';
import { type SweepReport, sweep } from '../../sweeper/sweep.ts';
import { createSweepParts } from '../../sweeper/sweepParts.ts';
import { createTally } from '../../tally.ts';
import { printFacts, type System, withSystem } from '../system.ts';

export const addSweep = (program: Command): void => {
  program
    .command('sweep')
    .description('take back what dead dispatchers held and ask about bills in doubt, once and now')
    .option('--json', 'print the facts as one line of JSON')
    .action((options: { json?: boolean }) =>
      withSystem(async (system) => printFacts(await sweepOnce(system), options)),
    );
};

const sweepOnce = async ({ config, database, servers, log }: System): Promise<SweepReport> => {
  const kafka = createKafka({ brokers: servers.kafkaBrokers, clientId: 'billcast-cli', log });
  const providers = createProviders(config, log);
  const tally = createTally(log);
  try {
    const actor = `sweeper ${process.pid}`;
    return await sweep(createSweepParts({ config, database, kafka, providers, log, tally, actor }));
  } finally {
    tally.flush();
    await stopProviders(providers);
  }
};
