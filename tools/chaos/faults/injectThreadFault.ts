import { killThread } from '../inspector.ts';
import { type InjectionDeps, takeDispatcher } from './injection.ts';

/** The module of piscina in which every thread of the pool runs. */
const poolThread = /piscina/;

/** Ends a render thread in the middle of its work. */
export async function injectThreadExit(deps: InjectionDeps): Promise<void> {
  const victim = await takeDispatcher(deps);
  if (victim === undefined) return;
  const ended = await killThread(victim.child, poolThread);
  deps.testbed.fleet.giveBack(victim);
  if (ended) deps.begin(`a render thread of dispatcher ${victim.number}`);
}
