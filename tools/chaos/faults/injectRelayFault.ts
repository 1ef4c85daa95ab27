import { selectRelayPid } from '../chaosRows.ts';
import type { Arena } from './injection.ts';
import { killDispatcher } from './injectKill.ts';

/** `kill -9` of the dispatcher that relays: its lease, its sweeper and all it has claimed die with it. */
export async function strikeRelay(arena: Arena): Promise<void> {
  const { database, fleet } = arena.world;
  const pid = await selectRelayPid(database);
  const victim = fleet.available().find(({ child }) => child.pid === pid);
  if (victim === undefined) return;
  fleet.take(victim);
  await killDispatcher(arena, victim, 'kill -9, while it relays,');
}
