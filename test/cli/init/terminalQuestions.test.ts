import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { projectDir } from '../../../src/lib/projectDir.ts';
import { bareEnvironment } from '../../support/bareEnvironment.ts';

const hasScript = spawnSync('script', ['--version']).status === 0;

it('Ctrl-D and Ctrl-C end the questions without a word', { skip: !hasScript }, async () => {
  const file = join(projectDir, 'src/cli/init/terminalQuestions.ts');
  const program = `
    const { openQuestions } = await import('${pathToFileURL(file)}');
    const questions = openQuestions(process);
    await questions.ask('Kafka');
    questions.close();`;
  const command = `"${process.execPath}" --input-type=module -e "$PROGRAM"`;
  for (const [keys, expected] of [
    ['\x04', 130],
    ['\x03', 130],
    ['an answer\n', 0],
  ] as const) {
    const terminal = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      env: { ...bareEnvironment, PROGRAM: program },
    });
    const printed = text(terminal.stdout);
    // A key that comes before the question is read by the terminal itself, not by the program.
    await once(terminal.stdout, 'data');
    terminal.stdin.write(keys);
    const [code] = await once(terminal, 'exit');
    assert.equal(code, expected, JSON.stringify(keys));
    assert.doesNotMatch(await printed, /Error/);
  }
});
