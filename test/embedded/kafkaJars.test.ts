import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readChecksums, verifyChecksums } from '../../src/embedded/checksums.ts';
import { fetchKafkaJars, jarChecksums } from '../../src/embedded/kafkaJars.ts';
import { jarsDir } from '../support/jarsDir.ts';
import { quiet, temporaryFolder } from './embeddedFixture.ts';

/** The checksum of the one jar that the stand-in for Maven brings. */
const checksums = new Map([['kafka.jar', createHash('sha256').update('jar\n').digest('hex')]]);

/** Stands in for Maven: records that it ran, writes a jar, and exits with the given code. */
async function fakeMaven(folder: string, exitCode: number): Promise<string> {
  const path = join(folder, `mvn-${exitCode}`);
  const script = `#!/bin/sh
echo run >> '${folder}/runs'
for arg in "$@"; do case "$arg" in -DoutputDirectory=*) target="\${arg#*=}";; esac; done
mkdir -p "$target" && echo jar > "$target/kafka.jar"
echo 'no network here'
exit ${exitCode}
`;
  await writeFile(path, script);
  await chmod(path, 0o755);
  return path;
}

test('without Maven the error says what to install', async (t) => {
  const folder = join(await temporaryFolder(t), 'jars');
  const attempt = fetchKafkaJars({ folder, maven: 'no-such-mvn' }, quiet);
  await assert.rejects(attempt, { code: 'MAVEN_MISSING', message: /not found: install it/ });
});

test('jars that were fetched once need no Maven', async (t) => {
  await fetchKafkaJars({ folder: await temporaryFolder(t), maven: 'no-such-mvn' }, quiet);
});

test('a fetch that broke off is never used, and is done again', async (t) => {
  const home = await temporaryFolder(t);
  const folder = join(home, 'jars');
  const broken = fetchKafkaJars({ folder, maven: await fakeMaven(home, 1) }, quiet);
  await assert.rejects(broken, (error: Error) => {
    assert.match(String(error.cause), /no network here/);
    return true;
  });
  await assert.rejects(readdir(folder), { code: 'ENOENT' });
  await mkdir(`${folder}.new`, { recursive: true });
  await writeFile(join(`${folder}.new`, 'half.jar'), '');
  await fetchKafkaJars({ folder, maven: await fakeMaven(home, 0), checksums }, quiet);
  assert.deepEqual(await readdir(folder), ['kafka.jar']);
});

test('two who need the jars at once fetch them once', async (t) => {
  const home = await temporaryFolder(t);
  const jars = { folder: join(home, 'jars'), maven: await fakeMaven(home, 0), checksums };
  await Promise.all([fetchKafkaJars(jars, quiet), fetchKafkaJars(jars, quiet)]);
  assert.equal(await readFile(join(home, 'runs'), 'utf8'), 'run\n');
});

test('jars that are others than those of the release are never used', async (t) => {
  const home = await temporaryFolder(t);
  const folder = join(home, 'jars');
  const maven = await fakeMaven(home, 0);
  const sum = 'a'.repeat(64);
  for (const [wanted, says] of [
    [new Map([['kafka.jar', sum]]), /kafka\.jar has the SHA-256 [0-9a-f]{64}, expected a{64}/],
    [new Map([...checksums, ['other.jar', sum]]), /other\.jar is missing/],
    [new Map<string, string>(), /kafka\.jar is not on the list/],
  ] as const) {
    const attempt = fetchKafkaJars({ folder, maven, checksums: wanted }, quiet);
    await assert.rejects(attempt, { code: 'EMBEDDED_FAILED', message: says });
    await assert.rejects(readdir(folder), { code: 'ENOENT' });
  }
});

test('the list of checksums is that of the jars which the tests run on', async () => {
  const list = await readChecksums(jarChecksums);
  assert.ok(list.size > 40);
  await verifyChecksums(jarsDir, list);
});
