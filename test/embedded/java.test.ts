import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { majorVersion, requireJava } from '../../src/embedded/java.ts';
import { temporaryFolder } from './embeddedFixture.ts';

test('the major version is read in the old form and the new', () => {
  assert.equal(majorVersion('openjdk version "17.0.15" 2025-04-15'), 17);
  assert.equal(majorVersion('java version "1.8.0_402"'), 8);
  assert.equal(majorVersion('openjdk version "25" 2025-09-16'), 25);
  assert.equal(majorVersion('Unable to locate a Java Runtime'), undefined);
});

test('without Java, or with an old one, the error says what to install', async (t) => {
  await assert.rejects(requireJava('no-such-java'), {
    code: 'JAVA_MISSING',
    message: /not found: install it/,
  });
  const old = join(await temporaryFolder(t), 'java');
  await writeFile(old, '#!/bin/sh\necho \'openjdk version "11.0.2"\' >&2\n');
  await chmod(old, 0o755);
  await assert.rejects(requireJava(old), { code: 'JAVA_MISSING', message: /too old \(11\)/ });
});
