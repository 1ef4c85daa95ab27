import { readFileSync } from 'node:fs';
import { Command, Help, type Option } from 'commander';
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
    .version(readVersion())
    .configureHelp({ subcommandTerm: (command) => command.name(), optionDescription })
    .showHelpAfterError('(run billcast <command> --help for its options)')
    .addHelpText('after', '\nRun billcast <command> --help for the options of a command, with examples.');
  const wanted = nameOf(args);
  for (const { name, summary, load } of commandRegistry) {
    const command = program.command(name).summary(summary).description(summary);
    if (name === wanted) (await load())(command, commandRegistry);
  }
  return program;
}

/** Commander mentions this only when the option is missing. */
function optionDescription(option: Option): string {
  const text = Help.prototype.optionDescription(option);
  return option.mandatory ? `${text} (required)` : text;
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String(Reflect.get(Object(manifest), 'version'));
}

/**
 * The command that the arguments name, also for `billcast help <command>`. The program has no options with
 * a value.
 */
function nameOf(args: readonly string[]): string | undefined {
  const [first, second] = args.filter((arg) => !arg.startsWith('-'));
  return first === 'help' ? second : first;
}
