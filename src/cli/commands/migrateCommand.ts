import type { Command } from 'commander';
import { loadConfig } from '../../config/loadConfig.ts';
import { createDatabase, type Database } from '../../db/database.ts';
import { type Grantees, grantRights } from '../../db/grants.ts';
import { updateSchema } from '../../db/schema.ts';
import { resolveEndpoints } from '../../embedded/resolveEndpoints.ts';
import { createLogger } from '../../log/log.ts';
import { quietLevel, tell } from '../system.ts';

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description(
      'bring the tables up to date, with the role that owns them; nothing else does so, but in the embedded database. ' +
        'Safe while dispatchers run: first migrate, then replace them',
    )
    .option('--grant-run <role>', 'give this role what dispatchers and the commands that change bills need')
    .option('--grant-read <role>', 'give this role what status, verify and explain need')
    .action(async (options: { grantRun?: string; grantRead?: string }) => {
      const config = loadConfig();
      const servers = await resolveEndpoints(config, tell);
      const log = createLogger({ level: config.logLevel ?? quietLevel, pretty: true });
      const database = createDatabase({ url: servers.databaseUrl, poolSize: 3, log, patienceMs: 5_000 });
      try {
        const applied = await updateSchema(database, { onWait: tell });
        process.stdout.write(applied.length > 0 ? `${applied.join('\n')}\n` : 'already up to date\n');
        await grant(database, { run: options.grantRun, read: options.grantRead });
      } finally {
        await database.close();
        await servers.close();
      }
    });
}

async function grant(database: Database, grantees: Grantees): Promise<void> {
  await grantRights(database, grantees);
  for (const [what, role] of Object.entries(grantees)) {
    if (role !== undefined) process.stdout.write(`${role} may ${what}\n`);
  }
}
