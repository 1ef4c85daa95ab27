import type { Command } from 'commander';
import { createKafka } from '../../consumer/kafka.ts';
import { createProviders, stopProviders } from '../../send/providers.ts';
import { type DoubtReport, resolveDoubts } from '../../sweeper/resolveDoubts.ts';
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

/** As long as one person waits for it; what is not asked by then is asked by the sweepers. */
const askForMs = 60_000;

const sweepOnce = async ({ config, database, servers, log }: System): Promise<SweepReport & DoubtReport> => {
  const kafka = createKafka({
    brokers: servers.kafkaBrokers,
    security: config.kafka.security,
    clientId: 'billcast-cli',
    log,
  });
  const providers = createProviders(config, log);
  const tally = createTally(log);
  try {
    const actor = `sweeper ${process.pid}`;
    const parts = createSweepParts({
      ...{ config, database, kafka, providers, log, tally, actor },
      // A person asked for it.
      mayJudge: () => true,
    });
    return { ...(await sweep(parts)), ...(await resolveDoubts(parts, { forMs: askForMs })) };
  } finally {
    tally.flush();
    await stopProviders(providers);
  }
};
