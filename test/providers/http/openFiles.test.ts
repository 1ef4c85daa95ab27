import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { affordableConnections, readOpenFileLimit } from '../../../src/providers/http/openFiles.ts';

describe('the limit of open files', () => {
  it('is read of this process, or not known', () => {
    const limit = readOpenFileLimit();
    assert.ok(limit === undefined || limit >= 256, String(limit));
  });

  it('leaves room for everything else, and is shared by the channels', () => {
    assert.equal(affordableConnections(8_000, 2, 20_000), 8_000);
    assert.equal(affordableConnections(8_000, 2, 1_024), 256);
    assert.equal(affordableConnections(8_000, 3, 4_096), 1_194);
    assert.equal(affordableConnections(8_000, 2, 64), 1);
    assert.equal(affordableConnections(8_000, 2, undefined), 8_000);
  });
});
