import { Command } from 'commander';

/** A command of `billcast`. */
export interface CommandEntry {
  readonly name: string;
  /** What it does, in one line of `billcast --help`. */
  readonly summary: string;
  /** Loads its file, which adds arguments, options and the action. */
  readonly load: () => Promise<DefineCommand>;
}

/** @param registry all commands, for the one that lists the others */
type DefineCommand = (command: Command, registry: readonly CommandEntry[]) => void;

/** A program with all commands loaded, to list their options. */
export async function loadCommands(registry: readonly CommandEntry[]): Promise<Command> {
  const program = new Command('billcast');
  for (const { name, summary, load } of registry) {
    (await load())(program.command(name).summary(summary).description(summary), registry);
  }
  return program;
}
