import { type InjectionDeps, takeDispatcher, waitBetween } from './injection.ts';

/** A storm: dispatchers join one after another, and as many of the old ones are told to stop in between. */
export async function injectRebalance(deps: InjectionDeps): Promise<void> {
  const { testbed, random, begin } = deps;
  const rounds = random.integer(1, 3);
  begin(`${rounds} dispatchers join and ${rounds} leave`);
  for (let round = 0; round < rounds; round++) {
    testbed.fleet.add();
    await waitBetween(deps, 200, 1_500);
    await dismissOne(deps);
  }
}

/** SIGTERM; it finishes what it has claimed. */
async function dismissOne(deps: InjectionDeps): Promise<void> {
  const leaving = await takeDispatcher(deps);
  if (leaving === undefined) return;
  deps.testbed.fleet.giveUp(leaving);
  leaving.child.process.kill('SIGTERM');
  await leaving.child.exited;
}
