import { selectRelayPid } from '../rows.ts';
import { killDispatcher } from './kill.ts';
import type { Arena } from './strike.ts';

/** `kill -9` of the dispatcher that relays: its lease, its sweeper and all it has claimed die with it. */
export const strikeRelay = async (arena: Arena): Promise<void> => {
  const { database, fleet } = arena.world;
  const pid = await selectRelayPid(database);
  const victim = fleet.available().find(({ child }) => child.pid === pid);
  if (victim === undefined) return;
  fleet.take(victim);
  await killDispatcher(arena, victim, 'kill -9, while it relays,');
};
