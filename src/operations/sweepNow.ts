import { createThrottledLog } from '../log/throttledLog.ts';
import { ReceiptMeter } from '../metrics/receiptMeter.ts';
import { createAddressHasher } from '../policy/addressHasher.ts';
import { nothingToSend } from '../providers/dayQuota.ts';
import { createProviders, createReceiptPolls, stopProviders } from '../providers/registry.ts';
import { lookUpsOnly } from '../providers/sharedRate.ts';
import { applyReceipts, type ReceiptReport } from '../sweeper/applyReceipts.ts';
import { type DoubtReport, resolveDoubts } from '../sweeper/resolveDoubts.ts';
import { type SweepReport, sweep } from '../sweeper/sweep.ts';
import { createSweepDeps } from '../sweeper/sweepDeps.ts';
import type { OperationDeps } from './operationDeps.ts';
import { type PollFacts, pollNow } from './polling/pollNow.ts';

/** How long a person waits. The sweepers of the dispatchers ask about the rest. */
const askForMs = 60_000;

/**
 * Makes one sweep at once, as dispatchers do regularly: takes back what dead dispatchers held, asks the
 * providers for receipts and applies them, and asks about bills in doubt, for up to a minute each.
 */
export async function sweepNow({
  config,
  database,
  kafka,
  log,
}: OperationDeps): Promise<SweepReport & PollFacts & ReceiptReport & DoubtReport> {
  const throttledLog = createThrottledLog(log);
  const providers = await createProviders(config.providers, config.providerSettings, {
    startDeadlineMs: config.startDeadlineMs,
    sendTimeoutMs: config.sendTimeoutMs,
    openRate: lookUpsOnly,
    openQuota: nothingToSend,
    log,
  });
  const polls = await createReceiptPolls(config.providerSettings, {
    timeLimitMs: config.sendTimeoutMs,
    perSecond: config.receiptRates,
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
      // A person asked for it, so silence may be judged.
      mayJudge: () => true,
    });
    const addressHasher = createAddressHasher(config.cipher.keys);
    const receiving = { database, addressHasher, receiptMeter: new ReceiptMeter(), log };
    return {
      ...(await sweep(deps)),
      ...(await pollNow(receiving, polls, { forMs: askForMs })),
      ...(await applyReceipts(deps, { forMs: askForMs })),
      ...(await resolveDoubts(deps, { forMs: askForMs })),
    };
  } finally {
    throttledLog.flush();
    await Promise.all([stopProviders(providers), ...polls.map((poll) => poll.stop())]);
  }
}
