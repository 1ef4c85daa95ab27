import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { projectDir } from '../../../src/lib/projectDir.ts';
import { mappingJsonSchema } from '../../../tools/docs/mappingJsonSchema.ts';

it('providers/schema.json is the schema of the code: run npm run docs', () => {
  assert.equal(readFileSync(join(projectDir, 'providers', 'schema.json'), 'utf8'), mappingJsonSchema());
});
