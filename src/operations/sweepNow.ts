import { createThrottledLog } from '../log/throttledLog.ts';
import { createProviders, stopProviders } from '../providers/registry.ts';
import { lookUpsOnly } from '../providers/sharedRate.ts';
import { applyReceipts, type ReceiptReport } from '../sweeper/applyReceipts.ts';
import { type DoubtReport, resolveDoubts } from '../sweeper/resolveDoubts.ts';
import { type SweepReport, sweep } from '../sweeper/sweep.ts';
import { createSweepDeps } from '../sweeper/sweepDeps.ts';
import type { OperationDeps } from './operationDeps.ts';

/** As long as a person waits; the sweepers of the dispatchers ask about the rest. */
const askForMs = 60_000;

/**
 * One sweep at once, as the dispatchers make them regularly: takes back what dead dispatchers held, applies
 * receipts, and asks the providers about bills in doubt, for up to a minute each.
 */
export async function sweepNow({
  config,
  database,
  kafka,
  log,
}: OperationDeps): Promise<SweepReport & ReceiptReport & DoubtReport> {
  const throttledLog = createThrottledLog(log);
  const providers = await createProviders(config.providers, config.providerSettings, {
    startDeadlineMs: config.startDeadlineMs,
    sendTimeoutMs: config.sendTimeoutMs,
    openRate: lookUpsOnly,
    log,
  });
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
    return {
      ...(await sweep(deps)),
      ...(await applyReceipts(deps, { forMs: askForMs })),
      ...(await resolveDoubts(deps, { forMs: askForMs })),
    };
  } finally {
    throttledLog.flush();
    await stopProviders(providers);
  }
}
