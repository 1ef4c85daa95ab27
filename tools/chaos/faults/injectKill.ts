import { killChild } from '../child.ts';
import type { FleetMember } from '../fleet.ts';
import { type InjectionDeps, takeDispatcher, waitBetween } from './injection.ts';

/** `kill -9` of a dispatcher. Another one is started soon. */
export async function injectKill(deps: InjectionDeps): Promise<void> {
  const victim = await takeDispatcher(deps);
  if (victim !== undefined) await killDispatcher(deps, victim, 'kill -9');
}

/** @param victim must be taken */
export async function killDispatcher(deps: InjectionDeps, victim: FleetMember, how: string): Promise<void> {
  const { fleet } = deps.testbed;
  fleet.giveUp(victim);
  deps.begin(`${how} of dispatcher ${victim.number}`);
  await killChild(victim.child);
  await waitBetween(deps, 300, 2_000);
  fleet.add();
}
