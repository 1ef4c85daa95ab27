import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCommands } from '../../src/cli/commandEntry.ts';
import { commandPage } from '../../src/cli/commandPage.ts';
import { commandRegistry } from '../../src/cli/commandRegistry.ts';
import { stateTable } from '../../src/db/transitions/stateTable.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { renderOpsFiles } from '../ops/opsFiles.ts';
import { withChannels } from './channelTable.ts';
import { mappingJsonSchema } from './mappingJsonSchema.ts';
import { withStates } from './renderStates.ts';
import { settingsPage } from './settingsPage.ts';

/** `npm run docs`: writes the documents, or parts of them, that come from code. */
const path = join(projectDir, 'ARCHITECTURE.md');
writeFileSync(path, withStates(readFileSync(path, 'utf8'), stateTable));
const channelPage = join(projectDir, 'docs', 'channels.md');
writeFileSync(channelPage, withChannels(readFileSync(channelPage, 'utf8')));
for (const [file, text] of renderOpsFiles()) writeFileSync(join(projectDir, file), text);
writeFileSync(join(projectDir, 'docs', 'cli.md'), commandPage(await loadCommands(commandRegistry)));
writeFileSync(join(projectDir, 'providers', 'schema.json'), mappingJsonSchema());
const exampleFile = readFileSync(join(projectDir, '.env.example'), 'utf8');
writeFileSync(join(projectDir, 'docs', 'settings.md'), settingsPage(exampleFile));
