import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { loadCommands } from '../../src/cli/commandEntry.ts';
import { commandPage } from '../../src/cli/commandPage.ts';
import { commandRegistry } from '../../src/cli/commandRegistry.ts';
import { projectDir } from '../../src/lib/projectDir.ts';

it('docs/cli.md says what the commands say: `npm run docs` writes it', async () => {
  const page = readFileSync(join(projectDir, 'docs', 'cli.md'), 'utf8');
  assert.equal(page, commandPage(await loadCommands(commandRegistry)));
});
