import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Command } from 'commander';
import { loadCommands } from '../../src/cli/commandEntry.ts';
import { commandRegistry } from '../../src/cli/commandRegistry.ts';
import { usageOf } from '../../src/cli/commandUsage.ts';

const program = await loadCommands(commandRegistry);

/** The commands that do something: `status`, `embedded start`. */
function leavesOf(command: Command, path: string): [string, Command][] {
  if (command.commands.length === 0) return [[path, command]];
  return command.commands.flatMap((inner) => leavesOf(inner, `${path} ${inner.name()}`));
}

const leaves = program.commands.flatMap((command) => leavesOf(command, command.name()));

/** Splits as a shell does, and drops a redirection. */
function wordsOf(args: string): string[] {
  return [...args.replace(/ > .*$/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, bare]) => quoted ?? bare ?? '',
  );
}

describe('the help of a command', () => {
  for (const [path, command] of leaves) {
    it(`shows examples of ${path} that it would accept`, () => {
      const examples = usageOf(command)?.examples ?? [];
      assert.ok(examples.length > 0, 'it has no example');
      for (const [args] of examples) {
        const words = wordsOf(args);
        const own = path.split(' ');
        assert.deepEqual(words.slice(0, own.length), own);
        const { unknown } = command.parseOptions(words.slice(own.length));
        assert.deepEqual(path === 'bench' ? [] : unknown, [], args);
      }
    });
  }
});
