import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedSuperuserUrl, openEmbedded } from '../../src/embedded/openEmbedded.ts';
import { ask } from './ask.ts';
import { createTestDatabase, type TestDatabase } from './testDatabase.ts';

/** A PostgreSQL of a test's own, whose settings may be changed. */
export interface OwnPostgres extends TestDatabase {
  /** The folder of its files, which the server can read. */
  readonly folder: string;
  /** Sets settings that need no restart. */
  configure(settings: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'billcast-postgres-'));
  const servers = await openEmbedded({
    dataDir: folder,
    needs: { kafka: false, postgres: true },
    onProgress: () => undefined,
  });
  const made = await createTestDatabase(await embeddedSuperuserUrl({ dataDir: folder }));
  return {
    ...made,
    folder,
    async configure(settings) {
      for (const [name, value] of Object.entries(settings)) {
        await ask(made.database, `alter system set ${name} = '${value}'`);
      }
      await ask(made.database, 'select pg_reload_conf()');
    },
    async stop() {
      await made.database.close();
      await servers.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
