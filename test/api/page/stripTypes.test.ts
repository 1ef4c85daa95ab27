import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stripTypes } from '../../../src/api/page/stripTypes.ts';

describe('blanking types', () => {
  it('keeps each line and column, and gives no warning', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): unknown => warnings.push(warning);
    process.on('warning', note);
    const stripped = stripTypes(`import type { A } from './a.ts';\nconst a: number = 1;\n`);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    assert.equal(stripped, `${' '.repeat(32)}\nconst a         = 1;\n`);
    assert.deepEqual(warnings, []);
  });
});
