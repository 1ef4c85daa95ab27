import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateTable } from '../../src/db/transitions/stateTable.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { withStates } from './renderStates.ts';

/** `npm run docs`: writes the parts of the documents that come from code. */
const path = join(projectDir, 'ARCHITECTURE.md');
writeFileSync(path, withStates(readFileSync(path, 'utf8'), stateTable));
