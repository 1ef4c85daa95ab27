import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import kafkajs from 'kafkajs';
import { testKafkaBrokers } from '../../support/testKafka.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';
import { KafkaFixture } from './kafkaFixture.ts';

const run = promisify(execFile);
const db = useTestDatabase();
const records = 800;
const recordBytes = 1_000_000;

describe('a topic that brings a megabyte per record', () => {
  it('is fetched until the room for bytes is taken, not the one for records', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(4);
    // Packed, so that the test costs the broker little; each batch unpacks to a few megabytes.
    const messages = Array.from({ length: 8 }, (_, index) => ({
      value: Buffer.alloc(recordBytes, 'x'),
      partition: index % 4,
    }));
    for (let sent = 0; sent < records; sent += messages.length) {
      await fixture.send(topic, messages, kafkajs.CompressionTypes.ZSTD);
    }
    const file = fileURLToPath(import.meta.resolve('./fetchingProcess.ts'));
    const args = [file, testKafkaBrokers(), db.url, topic, String(records)];
    const { stdout } = await run(process.execPath, ['--max-old-space-size=128', ...args]);
    const { received, grownBy }: { received: number; grownBy: number } = JSON.parse(stdout);
    t.diagnostic(`${received} records, ${Math.round(grownBy / 1e6)} MB`);
    assert.ok(received < records / 4, `${received} of ${records} records were taken in`);
    assert.ok(grownBy < (records * recordBytes) / 2, `the process grew by ${grownBy} bytes`);
  });
});
