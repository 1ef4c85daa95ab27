import type { Config } from '../config.ts';
import { createKafka, ensureTopics, fetchGroupLag } from '../consumer/kafka.ts';
import { countBillStates, type StateCounts } from '../db/facts.ts';
import { ownTopics } from '../topics.ts';
import type { System } from './system.ts';
import { type Verdict, verify } from './verify.ts';

/** Bills by state, with the events that are published and not yet consumed. */
export interface StatusFacts extends StateCounts {
  readonly lag: number;
}

export const readStatus = async (system: System): Promise<StatusFacts> => ({
  ...(await countBillStates(system.database)),
  lag: await readLag(system),
});

/** Events that the group has not committed, over the e-mail and the SMS topic. */
export const readLag = async ({ config, servers, log }: System): Promise<number> => {
  const kafka = createKafka({ brokers: servers.kafkaBrokers, clientId: 'billcast-cli', log });
  await ensureTopics({ kafka, topics: ownTopics(config) });
  const { groupId, topics } = config.kafka;
  const lags = await fetchGroupLag({ kafka, groupId, topics: [topics.email, topics.sms] });
  return [...lags.values()].reduce((sum, lag) => sum + lag, 0);
};

/** @param ledgerFile what the providers accepted; theirs is known where both are simulated */
export const readVerdict = async (system: System, ledgerFile?: string): Promise<Verdict> => {
  const { config, database } = system;
  return verify({
    database,
    ledgerFile: ledgerFile ?? ownLedgerFile(config),
    lag: await readLag(system),
    orphanAfterMs: config.sweep.orphanAfterMs,
    abandonedAfterMs: config.claimTtlMs + 2 * config.sweep.intervalMs,
  });
};

/** The ledger of an earlier, simulated run says nothing about what another provider accepted. */
const ownLedgerFile = ({ provider, simulated }: Config): string | undefined =>
  provider.email === 'simulated' && provider.sms === 'simulated' ? simulated.ledgerFile : undefined;
