import type { Command, Option } from 'commander';

/** What can be typed after a command. */
export interface CompletedCommand {
  /** `embedded start` */
  readonly path: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
}

export interface CompletedOption {
  readonly flag: string;
  readonly summary: string;
  readonly takesValue: boolean;
  /** The values it takes; empty if any will do. */
  readonly choices: readonly string[];
}

/** Every command and every command of a command, in the order of the help. */
export function completedCommands(program: Command): CompletedCommand[] {
  return program.commands.flatMap((command) => [
    entryOf(command, command.name()),
    ...command.commands.map((inner) => entryOf(inner, `${command.name()} ${inner.name()}`)),
  ]);
}

function entryOf(command: Command, path: string): CompletedCommand {
  return {
    path,
    summary: command.summary() || command.description(),
    options: command.options.filter(({ long }) => long !== undefined).map(optionOf),
  };
}

function optionOf({ long, description, required, optional, argChoices = [] }: Option): CompletedOption {
  return {
    flag: long ?? '',
    summary: description,
    takesValue: required || optional,
    choices: argChoices,
  };
}

/** The first words: `status`, `embedded`. */
export function commandNames(commands: readonly CompletedCommand[]): string[] {
  return commands.filter(({ path }) => !path.includes(' ')).map(({ path }) => path);
}

/** The words that may follow `embedded`. */
export function innerNames(commands: readonly CompletedCommand[], name: string): string[] {
  return commands.flatMap(({ path }) => (path.startsWith(`${name} `) ? [path.slice(name.length + 1)] : []));
}
