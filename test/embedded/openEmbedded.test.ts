import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { fetchKafkaJars } from '../../src/embedded/kafkaJars.ts';
import {
  type EmbeddedStatus,
  embeddedStatus,
  embeddedSuperuserUrl,
  type OpenServers,
  openEmbedded,
  startEmbedded,
  stopEmbedded,
} from '../../src/embedded/openEmbedded.ts';
import { inspectProcess } from '../../src/embedded/process.ts';
import { jarsDir } from '../support/jarsDir.ts';
import { openInOtherProcess, quiet } from './embeddedFixture.ts';

const both = { kafka: true, postgres: true };
const postgresOnly = { kafka: false, postgres: true };

before(() => fetchKafkaJars({ folder: jarsDir, maven: 'mvn' }, console.error));

test('two processes that start at once share one pair of servers, and the last one stops them', async (t) => {
  const dataDir = await dataFolder(t);
  const [one, two] = await Promise.all([openInOtherProcess(dataDir), openInOtherProcess(dataDir)]);
  assert.deepEqual(one.servers, two.servers);
  const running = await embeddedStatus({ dataDir });
  assert.deepEqual(
    running.users,
    [one.pid, two.pid].sort((a, b) => a - b),
  );

  const mine = await open(dataDir);
  assert.deepEqual(addresses(mine), one.servers);
  assert.deepEqual(await pids(dataDir), pidsIn(running));

  await one.kill();
  await two.close();
  assert.deepEqual(
    await pids(dataDir),
    pidsIn(running),
    'a killed user and one that left take nothing with them',
  );
  assert.deepEqual((await embeddedStatus({ dataDir })).users, [process.pid]);
  await assertServersWork(mine);
  await assertNoSuperuser(mine, dataDir);

  await mine.close();
  await mine.close();
  assert.deepEqual(await pids(dataDir), [undefined, undefined]);
  assert.ok(pidsIn(running).every((pid) => inspectProcess(pid ?? 0) === undefined));
  await stat(join(dataDir, 'kafka/log/.kafka_cleanshutdown'));
});

test('addresses and data survive a stop, a kill -9 and pid files of other programs', async (t) => {
  const dataDir = await dataFolder(t);
  const first = await open(dataDir);
  await writeMark(first);
  const killed = await pids(dataDir);
  for (const pid of killed) process.kill(pid ?? 0, 'SIGKILL');
  await first.close();

  const second = await open(dataDir);
  assert.deepEqual(addresses(second), addresses(first));
  assert.notDeepEqual(await pids(dataDir), killed);
  await assertMark(second);
  await second.close();

  const other = await sleeperOfServerUser(t, dataDir);
  await writeFile(join(dataDir, 'postgres/pid'), `${other}\n`);
  await writeFile(join(dataDir, 'kafka/pid'), `${other}\n`);
  await writeFile(
    join(dataDir, 'postgres/cluster/postmaster.pid'),
    `${other}\n${dataDir}/postgres/cluster\n`,
  );
  const third = await open(dataDir);
  assert.deepEqual(addresses(third), addresses(first));
  assert.ok(inspectProcess(other), 'the other program is left alone');
  await assertMark(third);
  await third.close();
});

test('servers that were started to stay run until they are stopped', async (t) => {
  const dataDir = await dataFolder(t);
  const started = await startEmbedded({ dataDir, jarsDir, onProgress: quiet });
  const running = await embeddedStatus({ dataDir });
  assert.equal(running.stay, true);
  assert.deepEqual(running.users, []);
  const user = await open(dataDir);
  assert.deepEqual(addresses(user), started);
  await user.close();
  assert.deepEqual(await pids(dataDir), pidsIn(running));
  await stopEmbedded({ dataDir, onProgress: quiet });
  await stopEmbedded({ dataDir, onProgress: quiet });
  const stopped = await embeddedStatus({ dataDir });
  assert.deepEqual(stopped, {
    ...running,
    stay: false,
    postgres: { running: false },
    kafka: { running: false },
  });
});

test('PostgreSQL alone needs no Java; a port that was taken meanwhile is replaced', async (t) => {
  const dataDir = await dataFolder(t);
  await chmod(dataDir, 0o755);
  const options = {
    dataDir,
    needs: postgresOnly,
    onProgress: quiet,
    commands: { java: 'no-such-java', maven: 'no-such-mvn' },
  };
  const first = await openEmbedded(options);
  assert.equal(first.kafkaBrokers, undefined);
  await first.close();
  const taken = createServer().listen(Number(new URL(first.databaseUrl ?? '').port), '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const second = await openEmbedded(options);
  assert.notEqual(second.databaseUrl, first.databaseUrl);
  assert.equal(await queryOne(second, 'select 1 as value'), 1);
  await second.close();
});

test('when Kafka cannot start, the error says why and PostgreSQL does not stay behind', async (t) => {
  const dataDir = await dataFolder(t);
  const options = { dataDir, needs: both, onProgress: quiet };
  const noJava = openEmbedded({ ...options, jarsDir, commands: { java: 'no-such-java' } });
  await assert.rejects(noJava, { code: 'JAVA_MISSING' });
  const noMaven = openEmbedded({ ...options, commands: { maven: 'no-such-mvn' } });
  await assert.rejects(noMaven, { code: 'MAVEN_MISSING' });
  const status = await embeddedStatus({ dataDir });
  assert.deepEqual([status.postgres.running, status.kafka.running, status.users], [false, false, []]);
});

/** A data folder inside one that nobody else may enter, as if the project lies in root's home. */
async function dataFolder(t: TestContext): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'billcast-embedded-'));
  t.after(async () => {
    await stopEmbedded({ dataDir, onProgress: quiet });
    await rm(dataDir, { recursive: true, force: true });
  });
  return dataDir;
}

function open(dataDir: string): Promise<OpenServers> {
  return openEmbedded({ dataDir, jarsDir, needs: both, onProgress: quiet });
}

function addresses({ kafkaBrokers, databaseUrl }: OpenServers) {
  return { kafkaBrokers, databaseUrl };
}

function pidsIn({ postgres, kafka }: EmbeddedStatus) {
  return [postgres.pid, kafka.pid];
}

async function pids(dataDir: string) {
  return pidsIn(await embeddedStatus({ dataDir }));
}

async function assertServersWork(servers: OpenServers): Promise<void> {
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    assert.equal(await queryOne(servers, `select current_setting('${setting}') as value`), 'on');
  }
  await queryOne(servers, 'create extension pgcrypto');
  const decrypted =
    "select pgp_sym_decrypt(pgp_sym_encrypt('bill', 'key', 'cipher-algo=aes256'), 'key') as value";
  assert.equal(await queryOne(servers, decrypted), 'bill');
  assert.equal(await queryOne(servers, 'show server_encoding', 'server_encoding'), 'UTF8');
  assert.equal(
    await queryOne(servers, 'select datcollate as value from pg_database where datname = current_database()'),
    'C',
  );
}

/** billcast's user owns its database, and has no other rights on the machine. */
async function assertNoSuperuser(servers: OpenServers, dataDir: string): Promise<void> {
  for (const reach of [
    `select pg_read_file('/etc/hostname')`,
    `copy (select 1) to program 'cat > /dev/null'`,
    'create extension pg_stat_statements',
    'create role other superuser',
  ]) {
    await assert.rejects(queryOne(servers, reach), { code: '42501' }, reach);
  }
  const superuser = { ...servers, databaseUrl: await embeddedSuperuserUrl({ dataDir }) };
  await queryOne(superuser, 'create extension pg_stat_statements');
}

/** A committed row and an acknowledged message. */
async function writeMark(servers: OpenServers): Promise<void> {
  await queryOne(servers, 'create table mark as select 42 as value');
  const kafka = client(servers);
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'mark', numPartitions: 1 }] });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: 'mark', messages: [{ value: 'here' }], acks: -1 });
  await producer.disconnect();
}

async function assertMark(servers: OpenServers): Promise<void> {
  assert.equal(await queryOne(servers, 'select value from mark'), 42);
  const admin = client(servers).admin();
  await admin.connect();
  const [partition] = await admin.fetchTopicOffsets('mark');
  await admin.disconnect();
  assert.equal(partition?.high, '1');
}

function client({ kafkaBrokers = '' }: OpenServers): Kafka {
  return new Kafka({ brokers: [kafkaBrokers], logLevel: logLevel.NOTHING });
}

async function queryOne({ databaseUrl }: OpenServers, sql: string, column = 'value'): Promise<unknown> {
  const session = new pg.Client({ connectionString: databaseUrl });
  await session.connect();
  try {
    return (await session.query(sql)).rows[0]?.[column];
  } finally {
    await session.end();
  }
}

/** A program of PostgreSQL's own user: the one whose pid PostgreSQL would take for a server's. */
async function sleeperOfServerUser(t: TestContext, dataDir: string): Promise<number> {
  const { uid, gid } = await stat(join(dataDir, 'postgres/cluster'));
  const sleeper = spawn('sleep', ['600'], { uid, gid, cwd: '/' });
  await once(sleeper, 'spawn');
  t.after(() => sleeper.kill());
  assert.equal(await readFile(join(dataDir, 'postgres/cluster/PG_VERSION'), 'utf8'), '18\n');
  return sleeper.pid ?? 0;
}
