import type { Command } from 'commander';
import { loadConfig } from '../../config.ts';
import { createDatabase } from '../../db/database.ts';
import { migrate } from '../../db/migrate.ts';
import { createLogger } from '../../log.ts';
import { openServers } from '../../servers.ts';
import { quietLevel, tell } from '../system.ts';

export const addMigrate = (program: Command): void => {
  program
    .command('migrate')
    .description('bring the schema of the database up to date; every other command does so by itself')
    .action(async () => {
      const config = loadConfig();
      const servers = await openServers(config, tell);
      const log = createLogger({ level: config.logLevel ?? quietLevel, pretty: true });
      const database = createDatabase({ url: servers.databaseUrl, poolSize: 1, log, patienceMs: 5_000 });
      try {
        const applied = await migrate(database);
        process.stdout.write(applied.length > 0 ? `${applied.join('\n')}\n` : 'already up to date\n');
      } finally {
        await database.close();
        await servers.close();
      }
    });
};
