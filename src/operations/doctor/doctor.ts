import { channelNames, channels } from '../../channels.ts';
import { isDevelopmentKey } from '../../config/cipherConfig.ts';
import { type Config, loadConfig } from '../../config/loadConfig.ts';
import { createDatabase, type Database } from '../../db/database.ts';
import { type Endpoints, resolveEndpoints } from '../../embedded/resolveEndpoints.ts';
import { createKafka, type Kafka } from '../../kafka/kafkaClient.ts';
import { createLogger } from '../../log/log.ts';
import type { ProviderShare } from '../../providers/providerShares.ts';
import { sendsNothing } from '../../providers/providerTraits.ts';
import { checkBillSource } from './checkBillSource.ts';
import { checkCiphers } from './checkCiphers.ts';
import { checkCluster } from './checkCluster.ts';
import { checkConsumerGroup } from './checkConsumerGroup.ts';
import { checkContacts } from './checkContacts.ts';
import { checkKafka } from './checkKafka.ts';
import { checkNotices, checkWaitingNotices } from './checkNotices.ts';
import { checkOutcomes } from './checkOutcomes.ts';
import { checkPostgres } from './checkPostgres.ts';
import { checkProviders } from './checkProviders.ts';
import { checkPolls, judgeReceipts } from './checkReceipts.ts';
import { checkRehearsals, judgeSafeMode } from './checkRehearsal.ts';
import { checkTemplates } from './checkTemplates.ts';
import { checkTools } from './checkTools.ts';
import { checkWarmup } from './checkWarmup.ts';
import { type Finding, fail, faultText, guarded, ok, warn } from './finding.ts';

export interface ExamineRequest {
  /** The settings to check. Default: those of this process. */
  readonly environment?: NodeJS.ProcessEnv | undefined;
  /** Called while embedded servers start. */
  readonly onProgress?: ((line: string) => void) | undefined;
}

/**
 * Makes every check that can be made. It changes nothing, but starts the embedded servers if they are used.
 */
export async function examine({ environment, onProgress }: ExamineRequest = {}): Promise<Finding[]> {
  let config: Config;
  try {
    config = loadConfig(environment);
  } catch (error) {
    return [fail('settings', faultText(error))];
  }
  const findings = [
    checkSettings(config),
    judgeProviders(config),
    ...judgeReceipts(config),
    judgeSafeMode(config),
  ];
  findings.push(...(await guarded('embedded', () => checkTools(config))));
  findings.push(...(await guarded('templates', () => checkTemplates(config))));
  findings.push(...(await checkProviders(config)), ...(await checkNotices(config)));
  findings.push(...(await guarded('servers', () => examineServers(config, onProgress))));
  return findings;
}

function checkSettings({ cipher }: Config): Finding {
  return cipher.keys.some(isDevelopmentKey)
    ? warn(
        'settings',
        'they fit together, with the public development key: set CIPHER_KEYS before you send real bills',
      )
    : ok('settings', 'they fit together');
}

/** Pure. Warns of simulated providers in front of real bills: they mark bills DELIVERED and send nothing. */
function judgeProviders({
  ladder,
  providers,
  database,
}: Pick<Config, 'ladder' | 'providers' | 'database'>): Finding {
  const simulated = channelNames.filter((channel) =>
    providers[channel].some(({ name }) => sendsNothing(name)),
  );
  if (simulated.length === 0 || database.url === undefined) {
    const named = ladder.order.map((channel) => `${channels[channel].label}: ${namesOf(providers[channel])}`);
    return ok('providers', named.join(', '));
  }
  const settings = simulated.map((channel) => `PROVIDER_${channel}`).join(' and ');
  return warn(
    'providers',
    `${simulated.map((channel) => channels[channel].label).join(' and ')} is simulated: bills ` +
      `become DELIVERED and nothing is sent; set ${settings} before you send real bills`,
  );
}

function namesOf(shares: readonly ProviderShare[]): string {
  return shares.map(({ name }) => name).join(' and ');
}

async function examineServers(
  config: Config,
  onProgress: (line: string) => void = () => undefined,
): Promise<Finding[]> {
  const servers = await resolveEndpoints(config, onProgress);
  const database = openDatabase(config, servers);
  const kafka = openKafka(config, servers);
  try {
    const ofEach = [
      ...(await examinePostgres(config, database)),
      ...(await guarded('kafka', () => checkKafka(config, kafka))),
    ];
    const answers = ofEach.every(({ check, verdict }) => verdict !== 'fail' || !ofServers.includes(check));
    if (!answers) return ofEach;
    return [
      ...ofEach,
      ...(await guarded('consumer group', () => checkConsumerGroup({ config, database, kafka }))),
    ];
  } finally {
    await database.close();
    await servers.close();
  }
}

/** Checks that fail if a server does not answer, or has no tables of ours. */
const ofServers = ['postgresql', 'schema', 'kafka'];

const patienceMs = 2_000;
const log = createLogger({ level: 'silent', pretty: false });

function openDatabase(config: Config, { databaseUrl }: Endpoints): Database {
  return createDatabase({
    url: databaseUrl,
    poolSize: 1,
    log,
    patienceMs,
    target: 'any',
    source: config.source,
  });
}

function openKafka({ kafka }: Config, { kafkaBrokers }: Endpoints): Kafka {
  return createKafka({ brokers: kafkaBrokers, security: kafka.security, clientId: 'billcast-doctor', log });
}

async function examinePostgres(config: Config, database: Database): Promise<Finding[]> {
  const server = await guarded('postgresql', () => checkPostgres(database));
  // If the database lacks billcast's tables, nothing more can be checked in it.
  const readable = server.every(({ check, verdict }) => check !== 'postgresql' || verdict !== 'fail');
  if (!readable || server.some(({ check, verdict }) => check === 'schema' && verdict !== 'ok')) {
    return server;
  }
  return [
    ...server,
    ...(await guarded('source', () => checkBillSource(config, database))),
    ...(await guarded('ciphers', () => checkCiphers(config, database))),
    ...(await guarded('contacts', () => checkContacts(config, database))),
    ...(await guarded('cluster', () => checkCluster(config, database))),
    ...(await guarded('warm-up', () => checkWarmup(config, database))),
    ...(await guarded('notices', () => checkWaitingNotices(database))),
    ...(await guarded('outcomes', () => checkOutcomes(config, database))),
    ...(await guarded('rehearsals', () => checkRehearsals(database))),
    ...(await guarded('receipts', () => checkPolls(config, database))),
  ];
}
