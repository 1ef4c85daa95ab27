import { channelNames, channels } from '../../channels.ts';
import { isDevelopmentKey } from '../../config/cipherConfig.ts';
import { type Config, loadConfig } from '../../config/loadConfig.ts';
import { createDatabase } from '../../db/database.ts';
import { type Endpoints, resolveEndpoints } from '../../embedded/resolveEndpoints.ts';
import { createKafka } from '../../kafka/kafkaClient.ts';
import { createLogger } from '../../log/log.ts';
import { isUsed, type ProviderShare } from '../../providers/providerShares.ts';
import { checkBillSource } from './checkBillSource.ts';
import { checkCiphers } from './checkCiphers.ts';
import { checkCluster } from './checkCluster.ts';
import { checkContacts } from './checkContacts.ts';
import { checkGateways } from './checkGateways.ts';
import { checkKafka } from './checkKafka.ts';
import { checkLedger } from './checkLedger.ts';
import { checkMailServers } from './checkMailServers.ts';
import { checkMapped } from './checkMapped.ts';
import { checkNotices, checkWaitingNotices } from './checkNotices.ts';
import { checkOutcomes } from './checkOutcomes.ts';
import { checkPostgres } from './checkPostgres.ts';
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
    ...checkLedger(config),
    ...judgeReceipts(config),
    judgeSafeMode(config),
  ];
  findings.push(...(await guarded('embedded', () => checkTools(config))));
  findings.push(...(await guarded('templates', () => checkTemplates(config))));
  findings.push(...(await checkGateways(config)), ...(await checkMapped(config)));
  findings.push(...(await checkMailServers(config)), ...(await checkNotices(config)));
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
  const simulated = channelNames.filter((channel) => isUsed(providers[channel], 'simulated'));
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
  try {
    return [...(await examinePostgres(config, servers)), ...(await examineKafka(config, servers))];
  } finally {
    await servers.close();
  }
}

const patienceMs = 2_000;
const log = createLogger({ level: 'silent', pretty: false });

async function examinePostgres(config: Config, { databaseUrl }: Endpoints): Promise<Finding[]> {
  const database = createDatabase({
    url: databaseUrl,
    poolSize: 1,
    log,
    patienceMs,
    target: 'any',
    source: config.source,
  });
  try {
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
  } finally {
    await database.close();
  }
}

function examineKafka(config: Config, { kafkaBrokers }: Endpoints): Promise<Finding[]> {
  return guarded('kafka', () =>
    checkKafka(
      config,
      createKafka({
        brokers: kafkaBrokers,
        security: config.kafka.security,
        clientId: 'billcast-doctor',
        log,
      }),
    ),
  );
}
