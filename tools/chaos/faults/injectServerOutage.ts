import type { ServerName } from '../chaosServers.ts';
import { type Arena, waitBetween } from './injection.ts';

/** `kill -9` of the broker, which is started again on its data. */
export function strikeKafka(arena: Arena): Promise<void> {
  return strikeServer(arena, 'kafka');
}

/** `kill -9` of the database server, which recovers from its log. */
export function strikePostgres(arena: Arena): Promise<void> {
  return strikeServer(arena, 'postgres');
}

async function strikeServer(arena: Arena, server: ServerName): Promise<void> {
  const { servers } = arena.world;
  arena.begin(`kill -9 of ${server}`);
  await servers.kill(server);
  await waitBetween(arena, 200, 3_000);
  await servers.start(server);
}
