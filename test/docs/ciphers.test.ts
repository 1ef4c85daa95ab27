import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { projectDir } from '../../src/lib/projectDir.ts';
import { createFieldCiphers } from '../../src/render/cipher/fieldCiphers.ts';
import { testCipherOptions } from '../render/bill/testCiphers.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';

const run = promisify(execFile);
const page = readFileSync(join(projectDir, 'docs', 'ciphers.md'), 'utf8');
const folder = useTemporaryFolder();
const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const { open } = createFieldCiphers(testCipherOptions({ keys: [{ keyId: '2026a', key }] }));

/** The program on the page in that language, as a file. */
function programIn(language: string, name: string): string {
  const [, program] = page.match(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's')) ?? [];
  assert.ok(program);
  const file = join(folder, name);
  writeFileSync(file, program);
  return file;
}

async function opensWhatItPrints(command: string, options: readonly string[]): Promise<void> {
  const args = [
    ...options,
    '2026a',
    key.toString('base64'),
    'paymentOwnerName',
    '9007199254740991',
    '홍길동',
  ];
  const { stdout } = await run('env', ['LC_ALL=C.UTF-8', command, ...args]);
  assert.match(stdout, /^v2:2026a:/);
  const opened = open('paymentOwnerName', '9007199254740991', stdout.trim());
  assert.deepEqual(opened, { kind: 'opened', text: '홍길동' });
}

const hasPython = await run('python3', ['-c', 'import cryptography']).then(
  () => true,
  () => false,
);

describe('docs/ciphers.md', () => {
  it('has a value to check with that opens', () => {
    const [value = ''] = page.match(/^v2:2026a:\S+$/m) ?? [];
    assert.ok(page.includes(key.toString('base64')));
    assert.deepEqual(open('email', '7', value), { kind: 'opened', text: 'hong.gildong@example.com' });
  });

  it('has a Java program whose values open', () =>
    opensWhatItPrints('java', [programIn('java', 'Seal.java')]));

  it(
    'has a Python program whose values open',
    { skip: !hasPython && 'no Python with cryptography here' },
    () => opensWhatItPrints('python3', [programIn('python', 'seal.py')]),
  );
});
