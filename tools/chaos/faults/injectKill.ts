import { killChild } from '../child.ts';
import type { Dispatcher } from '../fleet.ts';
import { type Arena, takeDispatcher, waitBetween } from './injection.ts';

/** `kill -9` of a dispatcher; another one is started soon. */
export async function strikeKill(arena: Arena): Promise<void> {
  const victim = await takeDispatcher(arena);
  if (victim !== undefined) await killDispatcher(arena, victim, 'kill -9');
}

/** @param victim taken already */
export async function killDispatcher(arena: Arena, victim: Dispatcher, how: string): Promise<void> {
  const { fleet } = arena.world;
  fleet.giveUp(victim);
  arena.begin(`${how} of dispatcher ${victim.number}`);
  await killChild(victim.child);
  await waitBetween(arena, 300, 2_000);
  fleet.add();
}
