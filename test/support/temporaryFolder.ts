import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** A folder for the tests of the calling file, removed after the last one. */
export function useTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'billcast-test-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
