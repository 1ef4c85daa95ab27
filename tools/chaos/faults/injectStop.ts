import { type InjectionDeps, takeDispatcher, waitBetween } from './injection.ts';

/** SIGSTOP of a dispatcher until its claims, its lease and its Kafka session have expired, then SIGCONT. */
export async function injectStop(deps: InjectionDeps): Promise<void> {
  const { fleet, config } = deps.testbed;
  const victim = await takeDispatcher(deps);
  if (victim === undefined) return;
  const longestLeaseMs = Math.max(config.claimTtlMs, config.kafka.sessionTimeoutMs);
  deps.begin(`SIGSTOP of dispatcher ${victim.number}`);
  victim.child.process.kill('SIGSTOP');
  try {
    await waitBetween(deps, longestLeaseMs + 500, longestLeaseMs + 3_000);
  } finally {
    victim.child.process.kill('SIGCONT');
    fleet.giveBack(victim);
  }
}
