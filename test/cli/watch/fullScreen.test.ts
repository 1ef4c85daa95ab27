import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { keysIn } from '../../../src/cli/watch/fullScreen.ts';
import { projectDir } from '../../../src/lib/projectDir.ts';
import { bareEnvironment } from '../../support/bareEnvironment.ts';

it('keys are read one by one, however they arrive', () => {
  assert.deepEqual(keysIn('jq\n'), ['j', 'q', '\n']);
  assert.deepEqual(keysIn('\x1b[A\x1b[1;5Cq'), ['q'], 'an arrow is no letter');
  assert.deepEqual(keysIn('\x1bOq'), [], 'a 1 of the keypad is no q');
  assert.deepEqual(keysIn('\x1bq'), ['q'], 'somebody tried Esc first');
});

const hasScript = spawnSync('script', ['--version']).status === 0;

it('keys that are typed before the first frame act', { skip: !hasScript }, async () => {
  const program = `
    const { openFullScreen } = await import('${pathToFileURL(join(projectDir, 'src/cli/watch/fullScreen.ts'))}');
    const timer = setTimeout(() => process.exit(3), 20_000);
    const screen = openFullScreen(process, () => { clearTimeout(timer); screen.leave(); });
    screen.draw([{ text: 'a frame', tone: 'plain' }]);`;
  const command = `"${process.execPath}" --input-type=module -e "$PROGRAM"`;
  const terminal = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { ...bareEnvironment, PROGRAM: program },
  });
  terminal.stdout.resume();
  terminal.stdin.write('xq');
  const [code] = await once(terminal, 'exit');
  assert.equal(code, 0);
});
