import type { Command } from 'commander';
import { loadConfig } from '../../config/loadConfig.ts';
import { createDatabase, type Database } from '../../db/database.ts';
import { resolveEndpoints } from '../../embedded/resolveEndpoints.ts';
import { createLogger } from '../../log/log.ts';
import { grantRoles, migrateSchema } from '../../operations/migrateSchema.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { quietLevel } from '../openSystem.ts';
import { printFacts, printNote } from '../output.ts';

interface MigrateOptions {
  readonly grantRun?: string;
  readonly grantRead?: string;
  readonly json?: boolean;
}

export function defineMigrate(command: Command): void {
  addUsage(command, {
    examples: [
      ['migrate', 'bring the tables up to date'],
      ['migrate --grant-run billcast_run --grant-read billcast_read', 'and give two roles their rights'],
    ],
  });
  command
    .description(
      'Brings the tables up to date, with the role that owns them. Nothing else does so, except ' +
        'in the embedded ' +
        'database. Safe while dispatchers run: first migrate, then replace them.',
    )
    .option('--grant-run <role>', 'give this role what dispatchers and the commands that change bills need')
    .option('--grant-read <role>', 'give this role what status, verify and explain need')
    .addOption(jsonOption())
    .action(async (options: MigrateOptions) => {
      const config = loadConfig();
      const servers = await resolveEndpoints(config, printNote);
      const log = createLogger({ level: config.logLevel ?? quietLevel, pretty: true });
      const database = createDatabase({ url: servers.databaseUrl, poolSize: 3, log, patienceMs: 5_000 });
      try {
        await migrate(database, options);
      } finally {
        await database.close();
        await servers.close();
      }
    });
}

async function migrate(database: Database, { grantRun, grantRead, json }: MigrateOptions): Promise<void> {
  const { applied } = await migrateSchema({ database }, printNote);
  const granted = await grantRoles({ database }, { run: grantRun, read: grantRead });
  if (json) {
    printFacts({ applied, granted }, { json });
    return;
  }
  process.stdout.write(applied.length > 0 ? `${applied.join('\n')}\n` : 'already up to date\n');
  for (const { role, right } of granted) {
    process.stdout.write(`${role} may ${right}\n`);
  }
}
