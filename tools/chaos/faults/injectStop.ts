import { type Arena, takeDispatcher, waitBetween } from './injection.ts';

/** SIGSTOP of a dispatcher for longer than its claims, its lease and its Kafka session live; then SIGCONT. */
export async function strikeStop(arena: Arena): Promise<void> {
  const { fleet, config } = arena.world;
  const victim = await takeDispatcher(arena);
  if (victim === undefined) return;
  const longestLeaseMs = Math.max(config.claimTtlMs, config.kafka.sessionTimeoutMs);
  arena.begin(`SIGSTOP of dispatcher ${victim.number}`);
  victim.child.process.kill('SIGSTOP');
  try {
    await waitBetween(arena, longestLeaseMs + 500, longestLeaseMs + 3_000);
  } finally {
    victim.child.process.kill('SIGCONT');
    fleet.giveBack(victim);
  }
}
