import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, it } from 'node:test';
import { loadCommands } from '../../../src/cli/commandEntry.ts';
import { commandRegistry } from '../../../src/cli/commandRegistry.ts';
import { bashCompletion, zshCompletion } from '../../../src/cli/completion/bashCompletion.ts';
import { type CompletedCommand, completedCommands } from '../../../src/cli/completion/commandTree.ts';

describe('the completion for bash', () => {
  let commands: readonly CompletedCommand[];
  before(async () => {
    commands = completedCommands(await loadCommands(commandRegistry));
  });

  /** What bash offers for the last of these words. */
  function offers(...words: string[]): string[] {
    const script = `${bashCompletion(commands)}
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
      _billcast
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const printed = execFileSync('bash', ['-c', script, 'bash', 'billcast', ...words], { encoding: 'utf8' });
    return printed.trim().split('\n');
  }

  it('offers the commands', () => {
    assert.deepEqual(offers('re'), ['register', 'retry', 'resend', 'resolve', 'resume']);
    const all = offers('');
    for (const { name } of commandRegistry) assert.ok(all.includes(name), name);
  });

  it('offers the options of a command', () => {
    assert.deepEqual(offers('retry', '--'), [
      ...['--bill', '--file', '--month', '--reason', '--channel', '--ask-refused', '--dry-run', '--json'],
      '--help',
    ]);
  });

  it('offers the commands of a command, and their options', () => {
    assert.deepEqual(offers('embedded', 'st'), ['start', 'stop', 'status']);
    assert.deepEqual(offers('embedded', 'start', '--b'), ['--brokers']);
  });

  it('offers the values that an option takes, and leaves other values to bash', () => {
    assert.deepEqual(offers('resume', '--channel', 'E'), ['EMAIL']);
    assert.deepEqual(offers('retry', '--file', 'x'), ['']);
  });

  it('is the one of zsh too, after it has learned completions of bash', () => {
    assert.match(zshCompletion(commands), /bashcompinit[\s\S]+_billcast\(\) \{/);
  });
});
