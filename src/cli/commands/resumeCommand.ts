import { type Command, Option } from 'commander';
import type { Channel } from '../../channels.ts';
import { releaseBrake, releaseForPerson } from '../../db/brake.ts';
import { setPaused } from '../../db/control.ts';
import type { Database } from '../../db/database.ts';
import { personAtTerminal, withSystem } from '../system.ts';
import { printControl } from './pauseCommand.ts';

interface ResumeOptions {
  fallback?: boolean;
  channel?: Channel;
  reason?: string;
  json?: boolean;
}

export function addResume(program: Command): void {
  program
    .command('resume')
    .description('end the pause; or, with --channel or --fallback, release just that brake')
    .option('--fallback', 'release the brakes for refusals and for turns to SMS')
    .addOption(
      new Option('--channel <channel>', "release the channel's brake, whatever it is on for").choices([
        'EMAIL',
        'SMS',
      ]),
    )
    .option('--reason <text>', 'why; no names or numbers of persons')
    .option('--json', 'print the facts as one line of JSON')
    .action((options: ResumeOptions) =>
      withSystem(async (system) => {
        await resume(system.database, options);
        await printControl(system, options);
      }),
    );
}

/** Releases the brakes that are named, and ends the pause if none is. */
async function resume(database: Database, { fallback, channel, reason }: ResumeOptions): Promise<void> {
  const signed = { by: personAtTerminal(), reason };
  if (fallback) await releaseForPerson(database, signed);
  if (channel) await releaseBrake(database, channel, signed);
  if (!fallback && !channel) await setPaused(database, false, signed);
}
