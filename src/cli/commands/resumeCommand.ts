import { type Command, Option } from 'commander';
import { type Channel, channelNames } from '../../channels.ts';
import { resume } from '../../operations/pause.ts';
import { addUsage } from '../commandUsage.ts';
import { noteHindrances } from '../hindranceNotes.ts';
import { jsonOption } from '../jsonOption.ts';
import { type System, withSystem } from '../openSystem.ts';
import { printNote } from '../output.ts';
import { personAtTerminal } from '../personAtTerminal.ts';
import { recordAccess } from '../recordAccess.ts';
import { printSwitches } from '../switchLines.ts';

interface ResumeOptions {
  readonly fallback?: boolean;
  readonly channel?: Channel;
  readonly provider?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

export function defineResume(command: Command): void {
  addUsage(command, {
    examples: [
      ['resume', 'end the pause'],
      ['resume --channel EMAIL --reason "provider is fixed"', 'release the brake of e-mail'],
      ['resume --channel EMAIL --provider postmark', 'release that of one of several providers'],
    ],
  });
  command
    .description(
      'Ends the pause: what waited goes on where it stood. With --channel or --fallback it releases only ' +
        'that brake.',
    )
    .option('--fallback', 'release the brakes for refusals and for turns to SMS')
    .addOption(
      new Option('--channel <channel>', "release this channel's brake of any kind").choices(channelNames),
    )
    .option('--provider <name>', 'with --channel: only the brake of this one of its providers')
    .option('--reason <text>', 'why; no personal data')
    .addOption(jsonOption())
    .action((options: ResumeOptions) => withSystem((system) => runResume(system, options)));
}

async function runResume(system: System, { json, ...request }: ResumeOptions): Promise<void> {
  const { timeZone } = system.config;
  const access = { what: 'resume', reason: request.reason };
  const facts = await recordAccess(system.database, access, () =>
    resume(system, { ...request, actor: personAtTerminal() }),
  );
  printSwitches(facts, { json, timeZone });
  const endsPause = request.channel === undefined && request.fallback !== true;
  printNote(facts.changed ? effectText : endsPause ? 'It was not paused.' : 'That brake was not on.');
  await noteHindrances(system);
}

const effectText =
  'Dispatchers start sending again within 2 s: at first 50 bills at a time, then faster as they are accepted.';
