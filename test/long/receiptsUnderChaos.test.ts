import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { promisify } from 'node:util';
import { projectDir } from '../../src/lib/projectDir.ts';

const run = promisify(execFile);

it('receipts come early, twice, late and for another cycle under kill -9: nothing is lost or sent twice', async () => {
  const { stdout } = await run(
    process.execPath,
    [
      ...[
        join(projectDir, 'src', 'cli', 'billcast.ts'),
        'chaos',
        '--json',
        '--seed',
        '21',
        '--bills',
        '3000',
      ],
      ...['--minutes', '2', '--dispatchers', '2', '--only', 'receipt,kill,stop,postgres,gateway,cut'],
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  const { lost, duplicated, untrue, quiet, delivered, failed, inDoubt, faults, folder } = JSON.parse(stdout);
  console.log(JSON.stringify({ delivered, failed, inDoubt, faults }));
  const clean = { lost: 0, duplicated: 0, untrue: 0, quiet: true };
  assert.deepEqual({ lost, duplicated, untrue, quiet }, clean);
  assert.ok(faults.receipt.count >= 2 && faults.kill.count >= 2, JSON.stringify(faults));
  rmSync(folder, { recursive: true });
});
