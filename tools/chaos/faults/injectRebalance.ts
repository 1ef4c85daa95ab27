import { type InjectionDeps, takeDispatcher, waitBetween } from './injection.ts';

/** A storm of rebalances: dispatchers join one after another, and as many old ones are stopped in between. */
export async function injectRebalance(deps: InjectionDeps): Promise<void> {
  const { testbed, random, begin } = deps;
  const rounds = random.integer(1, 3);
  begin(`${rounds} dispatchers join and ${rounds} leave`);
  for (let round = 0; round < rounds; round++) {
    testbed.fleet.add();
    await waitBetween(deps, 200, 1_500);
    await stopOne(deps);
  }
}

/** SIGTERM: the dispatcher finishes what it has claimed. */
async function stopOne(deps: InjectionDeps): Promise<void> {
  const leaving = await takeDispatcher(deps);
  if (leaving === undefined) return;
  deps.testbed.fleet.giveUp(leaving);
  leaving.child.process.kill('SIGTERM');
  await leaving.child.exited;
}
