import { Command } from 'commander';
import { commandRegistry } from './commandRegistry.ts';

/**
 * Makes the program with all commands. Only the one that runs is loaded; the others are listed with their
 * summary.
 */
export async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('billcast')
    .description(
      "Sends a month's bills: by e-mail first, by SMS if the e-mail finally fails, and never twice.",
    )
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .showHelpAfterError('(run billcast <command> --help for its options)')
    .addHelpText('after', '\nRun billcast <command> --help for the options of a command.');
  const wanted = nameOf(args);
  for (const { name, summary, load } of commandRegistry) {
    const command = program.command(name).summary(summary).description(summary);
    if (name === wanted) (await load())(command);
  }
  return program;
}

/**
 * The command that the arguments name, also for `billcast help <command>`. The program has no options with
 * a value.
 */
function nameOf(args: readonly string[]): string | undefined {
  const [first, second] = args.filter((arg) => !arg.startsWith('-'));
  return first === 'help' ? second : first;
}
