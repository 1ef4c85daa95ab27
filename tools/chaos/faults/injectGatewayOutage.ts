import { type Arena, waitBetween } from './injection.ts';

/** `kill -9` of the provider, with requests under way; its ledger outlives it. */
export async function strikeGateway(arena: Arena): Promise<void> {
  const { provider } = arena.world;
  arena.begin('kill -9 of the gateway');
  await provider.kill();
  await waitBetween(arena, 200, 2_000);
  await provider.start();
}
