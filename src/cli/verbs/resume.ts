import { type Command, Option } from 'commander';
import type { Channel } from '../../bill.ts';
import { setFallbackStopped, setPaused, setSendingStopped } from '../../db/control.ts';
import type { Database } from '../../db/database.ts';
import { personAtTerminal, withSystem } from '../system.ts';
import { printControl } from './pause.ts';

interface ResumeOptions {
  fallback?: boolean;
  channel?: Channel;
  reason?: string;
  json?: boolean;
}

export const addResume = (program: Command): void => {
  program
    .command('resume')
    .description('end the pause; or, with --fallback or --channel, end just that stop')
    .option('--fallback', 'let the SMS fallback go on that the guard rail has stopped')
    .addOption(
      new Option('--channel <channel>', 'let a channel go on whose settings are mended').choices([
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
};

/** Ends the stops that are named, and the pause where none is. */
const resume = async (database: Database, { fallback, channel, reason }: ResumeOptions): Promise<void> => {
  const signed = { by: personAtTerminal(), reason };
  if (fallback) await setFallbackStopped(database, false, signed);
  if (channel) await setSendingStopped(database, { channel, stopped: false }, signed);
  if (!fallback && !channel) await setPaused(database, false, signed);
};
