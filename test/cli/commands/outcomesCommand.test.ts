import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Command } from 'commander';
import { defineOutcomes } from '../../../src/cli/commands/outcomesCommand.ts';

/** The options that a subcommand gets from these words. */
async function optionsOf(part: string, words: readonly string[]): Promise<object | undefined> {
  const command = new Command('outcomes');
  defineOutcomes(command);
  let options: object | undefined;
  const found = [command, ...command.commands].find((one) => one.name() === part);
  found?.action((given: object) => {
    options = given;
  });
  await command.parseAsync(words, { from: 'user' });
  return options;
}

describe('billcast outcomes', () => {
  it('gives --json to the part that it stands behind', async () => {
    assert.deepEqual(await optionsOf('status', ['status', '--json']), { json: true });
    assert.deepEqual(await optionsOf('on', ['on', '--reason', 'try it', '--json']), {
      reason: 'try it',
      json: true,
    });
    assert.deepEqual(await optionsOf('outcomes', ['--after', '7', '--follow', '--json']), {
      after: 7,
      follow: true,
      json: true,
    });
  });
});
