import { type Command, Option } from 'commander';
import { type Channel, channelNames } from '../../channels.ts';
import { resume } from '../../operations/pause.ts';
import { addUsage } from '../commandUsage.ts';
import { withSystem } from '../openSystem.ts';
import { personAtTerminal } from '../personAtTerminal.ts';
import { printSwitches } from '../switchLines.ts';

interface ResumeOptions {
  readonly fallback?: boolean;
  readonly channel?: Channel;
  readonly reason?: string;
  readonly json?: boolean;
}

export function defineResume(command: Command): void {
  addUsage(command, {
    examples: [
      ['resume', 'end the pause'],
      ['resume --channel EMAIL --reason "provider is fixed"', 'release the brake of e-mail'],
    ],
  });
  command
    .description('Ends the pause. With --channel or --fallback it releases only that brake.')
    .option('--fallback', 'release the brakes for refusals and for turns to SMS')
    .addOption(
      new Option('--channel <channel>', "release this channel's brake of any kind").choices(channelNames),
    )
    .option('--reason <text>', 'why; no personal data')
    .option('--json', 'print the facts as one line of JSON')
    .action(({ json, ...request }: ResumeOptions) =>
      withSystem(async ({ database, config: { timeZone } }) =>
        printSwitches(await resume({ database }, { ...request, actor: personAtTerminal() }), {
          json,
          timeZone,
        }),
      ),
    );
}
