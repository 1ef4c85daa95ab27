import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Command, CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { loadCommands } from '../../src/cli/commandEntry.ts';
import { commandRegistry } from '../../src/cli/commandRegistry.ts';
import { usageOf } from '../../src/cli/commandUsage.ts';
import { codeSpansIn, commandsIn, documentPaths, fencesIn, readPage } from '../support/documentPages.ts';

/** Errors that are allowed in a sentence, which may name a part of a command. */
const partial = [
  'commander.missingArgument',
  'commander.missingMandatoryOptionValue',
  'commander.optionMissingArgument',
];

/** What a reader replaces, and a value that stands for it. */
const placeholders: readonly (readonly [RegExp, string])[] = [
  [/<billId>|\bID\b/g, '42'],
  [/\$MONTH\b|<month>/g, '2026-11'],
  [/\$\(date \+%Y-%m\)/g, '2026-11'],
];

const program = await silentProgram();

describe('the commands in the documents', () => {
  for (const path of documentPaths) {
    it(`exist with their options: ${path}`, async () => {
      const page = readPage(path);
      const inBlocks = fencesIn(page)
        .filter(({ info }) => ['', 'sh', 'sh run'].includes(info))
        .flatMap(({ text }) => commandsIn(text).flatMap(billcastIn));
      const inSentences = codeSpansIn(page).flatMap(billcastIn);
      const wrong: string[] = [];
      for (const words of inBlocks) wrong.push(...(await problemsOf(words, [])));
      for (const words of inSentences) wrong.push(...(await problemsOf(words, partial)));
      assert.deepEqual(wrong, []);
    });
  }

  it('name only scripts that exist', () => {
    const missing = documentPaths.flatMap((path) =>
      [...readPage(path).matchAll(/npm run ([\w:]+)/g)]
        .map(([, script = '']) => script)
        .filter((script) => !Object.hasOwn(manifest.scripts, script))
        .map((script) => `${path}: npm run ${script}`),
    );
    assert.deepEqual(missing, []);
  });
});

/** The words after each `billcast` that a line of the shell calls. */
function billcastIn(line: string): string[][] {
  const known = placeholders.reduce((text, [pattern, value]) => text.replaceAll(pattern, value), line);
  return [...known.matchAll(/(?:^|[|;&]\s+|\bnpx |^(?:[A-Z_]+=\S+\s+)+)billcast( [^|;&<>]*|$)/g)].map(
    ([, rest = '']) => wordsOf(rest),
  );
}

function wordsOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}

/** Why commander refuses the words; empty if it takes them. Runs nothing. */
async function problemsOf(words: readonly string[], forgiven: readonly string[]): Promise<string[]> {
  // `billcast v2 gcm` is a text that keys are derived with.
  if (!/^[a-z]+$/.test(words[0] ?? '')) return [];
  try {
    await program.parseAsync(words, { from: 'user' });
    return [];
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const isRight = error.code === 'commander.helpDisplayed' || forgiven.includes(error.code);
    return isRight ? [] : [`billcast ${words.join(' ')}: ${error.message}`];
  }
}

async function silentProgram(): Promise<Command> {
  const loaded = await loadCommands(commandRegistry);
  silence(loaded);
  return loaded;
}

function silence(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  // A command that only groups others has no usage of its own.
  if (command.commands.length === 0 || usageOf(command) !== undefined) command.action(() => undefined);
  for (const inner of command.commands) silence(inner);
}
