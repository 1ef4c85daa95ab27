import type { Command } from 'commander';

/** How a command is used. It is shown at the end of its `--help` and in docs/cli.md. */
export interface CommandUsage {
  /** Arguments after `billcast`, and what they do. */
  readonly examples: readonly (readonly [args: string, does: string])[];
  /** When it exits with 1, besides errors. */
  readonly exitsWith1?: string;
}

const usages = new WeakMap<Command, CommandUsage>();

/** Adds the examples and exit codes to the help of a command. */
export function addUsage(command: Command, usage: CommandUsage): void {
  usages.set(command, usage);
  command.addHelpText('after', () => `\n${usageText(usage)}`);
}

/** Undefined for a command that only groups others. */
export function usageOf(command: Command): CommandUsage | undefined {
  return usages.get(command);
}

function usageText({ examples, exitsWith1 }: CommandUsage): string {
  const lines = examples.map(([args, does]) => `  $ billcast ${args}\n      ${does}\n`);
  return `Examples:\n${lines.join('')}\n${exitCodeText(exitsWith1)}`;
}

/** What the exit codes of a command mean, in one sentence. */
export function exitCodeText(exitsWith1: string | undefined): string {
  return `Exit code: 0 if it worked; 1 if it failed${exitsWith1 === undefined ? '' : `, or ${exitsWith1}`}.`;
}
