import { type Arena, takeDispatcher, waitBetween } from './injection.ts';

/** A storm: dispatchers join one after another, and as many of the old ones are told to stop in between. */
export async function strikeRebalance(arena: Arena): Promise<void> {
  const { world, random, begin } = arena;
  const rounds = random.integer(1, 3);
  begin(`${rounds} dispatchers join and ${rounds} leave`);
  for (let round = 0; round < rounds; round++) {
    world.fleet.add();
    await waitBetween(arena, 200, 1_500);
    await dismissOne(arena);
  }
}

/** SIGTERM; it finishes what it has claimed. */
async function dismissOne(arena: Arena): Promise<void> {
  const leaving = await takeDispatcher(arena);
  if (leaving === undefined) return;
  arena.world.fleet.giveUp(leaving);
  leaving.child.process.kill('SIGTERM');
  await leaving.child.exited;
}
