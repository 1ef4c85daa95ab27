import type { Command } from 'commander';
import { createKafka } from '../../kafka/kafkaClient.ts';
import { createThrottledLog } from '../../log/throttledLog.ts';
import { createProviders, stopProviders } from '../../providers/registry.ts';
import { type DoubtReport, resolveDoubts } from '../../sweeper/resolveDoubts.ts';
import { type SweepReport, sweep } from '../../sweeper/sweep.ts';
import { createSweepDeps } from '../../sweeper/sweepDeps.ts';
import { printFacts, type System, withSystem } from '../system.ts';

export function addSweep(program: Command): void {
  program
    .command('sweep')
    .description('take back what dead dispatchers held and ask about bills in doubt, once and now')
    .option('--json', 'print the facts as one line of JSON')
    .action((options: { json?: boolean }) =>
      withSystem(async (system) => printFacts(await sweepOnce(system), options)),
    );
}

/** As long as one person waits for it; what is not asked by then is asked by the sweepers. */
const askForMs = 60_000;

async function sweepOnce({ config, database, servers, log }: System): Promise<SweepReport & DoubtReport> {
  const kafka = createKafka({
    brokers: servers.kafkaBrokers,
    security: config.kafka.security,
    clientId: 'billcast-cli',
    log,
  });
  const providers = await createProviders(config.providers, config.providerSettings, {
    startDeadlineMs: config.startDeadlineMs,
    sendTimeoutMs: config.sendTimeoutMs,
    log,
  });
  const throttledLog = createThrottledLog(log);
  try {
    const actor = `sweeper ${process.pid}`;
    const deps = createSweepDeps({
      config,
      database,
      kafka,
      providers,
      log,
      throttledLog,
      actor,
      // A person asked for it.
      mayJudge: () => true,
    });
    return { ...(await sweep(deps)), ...(await resolveDoubts(deps, { forMs: askForMs })) };
  } finally {
    throttledLog.flush();
    await stopProviders(providers);
  }
}
