import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { loadCommands } from '../../src/cli/commandEntry.ts';
import { commandPage } from '../../src/cli/commandPage.ts';
import { commandRegistry } from '../../src/cli/commandRegistry.ts';
import { createProgram } from '../../src/cli/program.ts';
import { projectDir } from '../../src/lib/projectDir.ts';

it('docs/cli.md says what the commands say: `npm run docs` writes it', async () => {
  const page = readFileSync(join(projectDir, 'docs', 'cli.md'), 'utf8');
  assert.equal(page, commandPage(await loadCommands(commandRegistry)));
});

it('an option that must be given is marked in the help and on the page', async () => {
  const program = await createProgram(['export']);
  const help = program.commands.find((command) => command.name() === 'export')?.helpInformation() ?? '';
  assert.match(
    help.replaceAll(/\s+/g, ' '),
    /--reason <text> why you need it; kept with the access record \(required\)/,
  );
  assert.match(commandPage(program), /\| `--reason <text>` \| why you need it; .+ \(required\) \|/);
});
