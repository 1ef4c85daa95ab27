import { selectRelayPid } from '../chaosRows.ts';
import type { InjectionDeps } from './injection.ts';
import { killDispatcher } from './injectKill.ts';

/** `kill -9` of the dispatcher that relays. It loses its lease, its sweeper and its claims. */
export async function injectRelayKill(deps: InjectionDeps): Promise<void> {
  const { database, fleet } = deps.testbed;
  const pid = await selectRelayPid(database);
  const victim = fleet.available().find(({ child }) => child.pid === pid);
  if (victim === undefined) return;
  fleet.take(victim);
  await killDispatcher(deps, victim, 'kill -9, while it relays,');
}
