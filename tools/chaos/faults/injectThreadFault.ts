import { killThread } from '../inspector.ts';
import { type Arena, takeDispatcher } from './injection.ts';

/** Piscina's own module, in which every thread of the pool runs. */
const poolThread = /piscina/;

/** A thread that decrypts and renders ends in the middle of its work. */
export async function strikeThread(arena: Arena): Promise<void> {
  const victim = await takeDispatcher(arena);
  if (victim === undefined) return;
  const ended = await killThread(victim.child, poolThread);
  arena.world.fleet.giveBack(victim);
  if (ended) arena.begin(`a render thread of dispatcher ${victim.number}`);
}
