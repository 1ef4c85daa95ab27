import type { ServerName } from '../servers.ts';
import { type Arena, waitBetween } from './strike.ts';

/** `kill -9` of the broker, which is started again on its data. */
export const strikeKafka = (arena: Arena): Promise<void> => strikeServer(arena, 'kafka');

/** `kill -9` of the database server, which recovers from its log. */
export const strikePostgres = (arena: Arena): Promise<void> => strikeServer(arena, 'postgres');

const strikeServer = async (arena: Arena, server: ServerName): Promise<void> => {
  const { servers } = arena.world;
  arena.begin(`kill -9 of ${server}`);
  await servers.kill(server);
  await waitBetween(arena, 200, 3_000);
  await servers.start(server);
};
