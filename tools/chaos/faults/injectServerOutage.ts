import type { ServerName } from '../chaosServers.ts';
import { type InjectionDeps, waitBetween } from './injection.ts';

/** `kill -9` of Kafka, which restarts on its data. */
export function injectKafkaOutage(deps: InjectionDeps): Promise<void> {
  return injectServerOutage(deps, 'kafka');
}

/** `kill -9` of PostgreSQL, which recovers from its log. */
export function injectPostgresOutage(deps: InjectionDeps): Promise<void> {
  return injectServerOutage(deps, 'postgres');
}

async function injectServerOutage(deps: InjectionDeps, server: ServerName): Promise<void> {
  const { servers } = deps.testbed;
  deps.begin(`kill -9 of ${server}`);
  await servers.kill(server);
  await waitBetween(deps, 200, 3_000);
  await servers.start(server);
}
