import { Argument, type Command } from 'commander';
import { type CommandEntry, loadCommands } from '../commandEntry.ts';
import { addUsage } from '../commandUsage.ts';
import { bashCompletion, zshCompletion } from '../completion/bashCompletion.ts';
import { completedCommands } from '../completion/commandTree.ts';
import { fishCompletion } from '../completion/fishCompletion.ts';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
const shells = Object.keys(scripts) as (keyof typeof scripts)[];

export function defineCompletion(command: Command, registry: readonly CommandEntry[]): void {
  addUsage(command, {
    examples: [
      ['completion bash > ~/.local/share/bash-completion/completions/billcast', 'bash, for good'],
      ['completion zsh > ~/.billcast.zsh', 'zsh: source this file in ~/.zshrc'],
      ['completion fish > ~/.config/fish/completions/billcast.fish', 'fish, for good'],
    ],
  });
  command
    .description(
      'Prints a script that completes commands and options in a shell. It completes the word ' +
        '`billcast`, so put node_modules/.bin on the PATH, or make an alias.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .action(async (shell: keyof typeof scripts) => {
      process.stdout.write(scripts[shell](completedCommands(await loadCommands(registry))));
    });
}
