import { existsSync } from 'node:fs';
import type { Channel } from '../channels.ts';
import { channelNames } from '../channels.ts';
import type { System } from '../cli/system.ts';
import type { Config } from '../config/loadConfig.ts';
import { type BrakeState, type BrakeStates, readBrakeStates } from '../db/reads/brakeStates.ts';
import { countBillStates, type StateCounts } from '../db/reads/statusFacts.ts';
import { type GroupLag, missingText, readGroupLag } from '../kafka/groupOffsets.ts';
import { createKafka } from '../kafka/kafkaClient.ts';
import { type Verdict, verify } from './verify.ts';

/** How the brakes stand, as `status --json` prints them. */
export type BrakeFacts = Readonly<Record<Channel, Pick<BrakeState, 'on' | 'since' | 'kind' | 'cause'>>>;

/** Bills by state, with the events that are published and not yet consumed. */
export interface StatusFacts extends StateCounts {
  readonly lag: number;
  readonly brakes: BrakeFacts;
}

/** @param onMissing is told about topics that do not exist, with what to do */
export async function readStatus(
  system: System,
  onMissing: (text: string) => void = () => undefined,
): Promise<StatusFacts> {
  const { lag, missing } = await readLag(system);
  if (missing.length > 0) onMissing(missingText(missing));
  const brakes = brakeFactsOf(await readBrakeStates(system.database));
  return { ...(await countBillStates(system.database)), lag, brakes };
}

function brakeFactsOf({ EMAIL, SMS }: BrakeStates): BrakeFacts {
  return {
    EMAIL: { on: EMAIL.on, since: EMAIL.since, kind: EMAIL.kind, cause: EMAIL.cause },
    SMS: { on: SMS.on, since: SMS.since, kind: SMS.kind, cause: SMS.cause },
  };
}

/** Events that the group has not committed, over the e-mail and the SMS topic; a topic that does not exist holds none. */
async function readLag({
  config,
  servers,
  log,
}: System): Promise<{ lag: number; missing: GroupLag['missing'] }> {
  const kafka = createKafka({
    brokers: servers.kafkaBrokers,
    security: config.kafka.security,
    clientId: 'billcast-cli',
    log,
  });
  const { groupId, topics } = config.kafka;
  const { byTopic, missing } = await readGroupLag({
    kafka,
    groupId,
    topics: channelNames.map((channel) => topics[channel]),
  });
  return { lag: [...byTopic.values()].reduce((sum, lag) => sum + lag, 0), missing };
}

/**
 * @param which.ledgerFiles what the providers accepted; if none is named, the simulated providers' own
 * @param which.month first day of a billing month as `YYYY-MM-DD`
 */
export async function readVerdict(
  system: System,
  which: { ledgerFiles?: readonly string[] | undefined; month?: string | undefined } = {},
): Promise<Verdict> {
  const { config, database } = system;
  const { lag, missing } = await readLag(system);
  return verify({
    database,
    month: which.month,
    ledgerFiles: which.ledgerFiles ?? ownLedgerFiles(config),
    lag: missing.length === 0 ? { events: lag } : { unknown: missingText(missing) },
    orphanAfterMs: config.sweep.orphanAfterMs,
    abandonedAfterMs: config.claimTtlMs + 2 * config.sweep.intervalMs,
  });
}

/** The ledger of an earlier, simulated run says nothing about what another provider accepted. */
function ownLedgerFiles({ providers, providerSettings }: Config): string[] {
  const { ledgerFile } = providerSettings.simulated;
  const isSimulated = channelNames.every((channel) => providers[channel] === 'simulated');
  return isSimulated && existsSync(ledgerFile) ? [ledgerFile] : [];
}
