import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { createKafka } from '../../../src/kafka/kafkaClient.ts';
import { projectDir } from '../../../src/lib/projectDir.ts';
import type { Finding } from '../../../src/operations/doctor/finding.ts';
import { createFieldCiphers } from '../../../src/render/cipher/fieldCiphers.ts';
import { ask } from '../../support/ask.ts';
import { bareEnvironment } from '../../support/bareEnvironment.ts';
import { silentLog } from '../../support/capturedLog.ts';
import { testKafkaBrokers } from '../../support/testKafka.ts';
import { useTestTopics } from '../../support/testTopics.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
const { topics } = useTestTopics(8);
const groupId = randomUUID();
function key(keyId: string) {
  return `${keyId}:${Buffer.alloc(32, 7).toString('base64')}`;
}

function environment(): Record<string, string> {
  return {
    DATABASE_URL: db.url,
    KAFKA_BROKERS: testKafkaBrokers(),
    KAFKA_GROUP_ID: groupId,
    CIPHER_KEYS: key('2026a'),
    TOPIC_EMAIL: topics.EMAIL,
    TOPIC_SMS: topics.SMS,
    TOPIC_DLT: topics.deadLetter,
  };
}

function examine(changes: Record<string, string> = {}): Promise<{ code: number; findings: Finding[] }> {
  return new Promise((resolve, reject) => {
    const file = join(projectDir, 'src/cli/billcast.ts');
    const env = { ...bareEnvironment, ...environment(), ...changes };
    const child = execFile(process.execPath, [file, 'doctor', '--json'], { env }, (_error, out, err) => {
      if (out === '') reject(new Error(err));
      else resolve({ code: child.exitCode ?? 1, findings: JSON.parse(out).findings });
    });
  });
}

function those(findings: readonly Finding[], verdict: Finding['verdict']): string[] {
  return findings.flatMap((finding) => (finding.verdict === verdict ? [finding.check] : []));
}

describe('billcast doctor', () => {
  before(async () => {
    const { seal } = createFieldCiphers(loadConfig(environment()).cipher);
    await ask(db.database, 'insert into member (id, name, grade) values (1, $1, $2)', [
      seal('name', '1', '홍길동'),
      'VIP',
    ]);
  });

  it('finds no fault if all is well, and says what could be better', async () => {
    const { code, findings } = await examine();
    assert.equal(code, 0);
    assert.deepEqual(those(findings, 'fail'), []);
    // No dispatcher runs, and one broker; the topics of this test keep their dead letters for a week.
    assert.deepEqual(those(findings, 'warn').sort(), [
      'dead letters',
      'dispatchers',
      'providers',
      'replicas',
    ]);
    const checks = [
      'settings',
      'templates',
      'postgresql',
      'durability',
      'schema',
      'ciphers',
      'contacts',
      'kafka',
      'topics',
      'consumer group',
    ];
    for (const check of checks) assert.ok(those(findings, 'ok').includes(check), check);
  });

  it('names who takes events and is no dispatcher of this database', async () => {
    const kafka = createKafka({
      brokers: testKafkaBrokers().split(','),
      clientId: 'billcast-elsewhere:1',
      log: silentLog,
    });
    const consumer = kafka.consumer({ groupId });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.connect();
    try {
      await consumer.subscribe({ topics: [topics.EMAIL] });
      await consumer.run({ eachMessage: async () => undefined });
      await joined;
      const { findings } = await examine();
      const { verdict, text } = findings.find(({ check }) => check === 'consumer group') ?? {};
      assert.equal(verdict, 'warn');
      assert.match(text ?? '', /^billcast-elsewhere:1 from \S+ is in /);
    } finally {
      await consumer.disconnect();
    }
  });

  it('names every wrong setting in one line', async () => {
    const { code, findings } = await examine({ CLAIM_TTL_MS: 'soon', TIME_ZONE: 'Mars' });
    assert.equal(code, 1);
    assert.match(findings[0]?.text ?? '', /^wrong settings, .*CLAIM_TTL_MS.*, TIME_ZONE[^\n]*$/);
  });

  it('sees that the keys do not open what is stored, and shows nothing of it', async () => {
    const { code, findings } = await examine({ CIPHER_KEYS: key('2027a') });
    assert.equal(code, 1);
    assert.deepEqual(those(findings, 'fail'), ['ciphers']);
    const { text } = findings.find(({ verdict }) => verdict === 'fail') ?? { text: '' };
    assert.match(text, /^name \(key id 2026a\): .*CIPHER_KEYS/);
  });

  it('makes the other checks if a server is unreachable', async () => {
    const { code, findings } = await examine({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    assert.equal(code, 1);
    assert.deepEqual(those(findings, 'fail'), ['postgresql']);
    assert.ok(those(findings, 'ok').includes('kafka'));
  });

  it('makes no topic that is missing', async () => {
    const missing = randomUUID();
    for (let time = 0; time < 2; time++) {
      const { findings } = await examine({ TOPIC_SMS: missing });
      assert.match(
        findings.find(({ check }) => check === 'topics')?.text ?? '',
        new RegExp(`^${missing} missing`),
      );
    }
  });
});
