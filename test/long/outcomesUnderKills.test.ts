import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import { ensureTopics } from '../../src/kafka/ensureTopics.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { switchOutcomes } from '../../src/operations/outcomes/switchOutcomes.ts';
import { addWebhook } from '../../src/operations/outcomes/webhooks.ts';
import { freePort } from '../../tools/bench/system/freePort.ts';
import { ask, askValue } from '../support/ask.ts';
import { bareEnvironment } from '../support/bareEnvironment.ts';
import { bodyOf } from '../support/httpServer.ts';
import {
  createTestSystem,
  isFinished,
  type LaunchedProcess,
  type TestSystem,
} from '../support/testSystem.ts';

const bills = 50_000;
const mostKills = 15;
const limitMs = 500_000;

interface Outcome {
  readonly number: number;
  readonly billId: string;
  readonly outcome: string;
  readonly applied: boolean;
  readonly state: string | null;
}

/** What one of our readers has got: by number, and in the order in which each number first came. */
class Reader {
  readonly name: string;
  readonly texts = new Map<number, string>();
  readonly lastOfBill = new Map<string, number>();
  repeated = 0;

  constructor(name: string) {
    this.name = name;
  }

  take(text: string): void {
    const { number, billId }: Outcome = JSON.parse(text);
    const known = this.texts.get(number);
    if (known !== undefined) {
      this.repeated++;
      assert.equal(text, known, `${this.name}: number ${number} is of two outcomes`);
      return;
    }
    assert.ok(number > (this.lastOfBill.get(billId) ?? 0), `${this.name}: bill ${billId} is out of order`);
    this.lastOfBill.set(billId, number);
    this.texts.set(number, text);
  }
}

async function readTopicInto(kafka: Kafka, topic: string, reader: Reader) {
  const consumer = kafka.consumer({ groupId: randomUUID() });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let failure: unknown;
  await consumer.run({
    eachMessage: async ({ message: { key, value, headers } }) => {
      try {
        const outcome: Outcome = JSON.parse(String(value));
        assert.equal(String(key), outcome.billId);
        assert.equal(String(headers?.number), String(outcome.number));
        reader.take(String(value));
      } catch (error) {
        failure ??= error;
      }
    },
  });
  return { stop: () => consumer.disconnect(), failure: () => failure };
}

/** Asks the feed again and again, whether the api is there or not. */
function followFeed(url: string, reader: Reader) {
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    for (let next = 0; !stopping.signal.aborted; ) {
      try {
        const answer = await fetch(`${url}/api/v1/outcomes?after=${next}&limit=2000&waitSeconds=2`, {
          headers: { authorization: 'Bearer feed' },
          signal: stopping.signal,
        });
        if (answer.status !== 200) throw new Error(String(answer.status));
        const page = (await answer.json()) as { items: Outcome[]; next: number };
        for (const [index, item] of page.items.entries()) {
          assert.equal(item.number, next + index + 1, 'the feed has a gap');
          reader.take(JSON.stringify(item));
        }
        next = page.next;
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        await sleep(100);
      }
    }
  };
  const running = run();
  running.catch(() => undefined);
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function receiveWebhooks(reader: Reader) {
  const server = createServer(async (request, response) => {
    const { data }: { data: { outcomes: Outcome[] } } = JSON.parse(await bodyOf(request));
    for (const outcome of data.outcomes) reader.take(JSON.stringify(outcome));
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}

describe('outcomes while relay and api are killed', () => {
  const topic = `result-${randomUUID()}`;
  let system: TestSystem;
  let port: number;
  let api: ChildProcess;
  const closers: (() => unknown)[] = [];
  before(async () => {
    port = await freePort();
    system = await createTestSystem({
      TOPIC_RESULT: topic,
      MAX_IN_FLIGHT: '800',
      SIMULATED_REFUSAL_RATE: '0.05',
      // Refusals that a killed dispatcher could not write come again together, so there are many in a row.
      FALLBACK_STOP_RATE: '1',
      WEBHOOK_KEY: Buffer.alloc(32, 1).toString('base64'),
      WEBHOOK_INSIDE_HOSTS: '127.0.0.1',
      API_PORT: String(port),
      API_TOKENS: `feed:auditor:${createHash('sha256').update('feed').digest('hex')}`,
    });
    await ensureTopics({ kafka: system.kafka, topics: [{ name: topic, partitions: 4 }] });
  });
  after(async () => {
    for (const close of closers) await close();
    api.kill('SIGKILL');
    await system.destroy();
    const admin = system.kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
  });

  function startApi(): ChildProcess {
    const env = { ...bareEnvironment, ...system.environment };
    return spawn(process.execPath, [join(projectDir, 'src/main.ts'), 'api'], { env, stdio: 'ignore' });
  }

  it('each comes at least once, with one number, in order per bill, by all three ways', {
    timeout: limitMs + 60_000,
  }, async () => {
    const { database, kafka } = system;
    await switchOutcomes({ database }, { on: true, actor: 'person test' });
    const [topicReader, feedReader, hookReader] = [
      new Reader('topic'),
      new Reader('feed'),
      new Reader('webhook'),
    ];
    const hooks = await receiveWebhooks(hookReader);
    closers.push(hooks.close);
    await addWebhook(
      { database, config: system.config },
      { id: 'ours', url: hooks.url, actor: 'person test' },
    );
    api = startApi();
    const feed = followFeed(`http://127.0.0.1:${port}`, feedReader);
    closers.push(() => feed.stop().catch(() => undefined));
    await system.publish(bills);
    const dispatchers: LaunchedProcess[] = [1, 2, 3].map(() => system.launchDispatcher());
    await system.until('the first outcomes', async () => (await lastNumber()) > 0, limitMs);
    const results = await readTopicInto(kafka, topic, topicReader);
    closers.push(results.stop);
    let kills = 0;
    for (; kills < mostKills && !isFinished(await system.states()); kills++) {
      await killWriter(dispatchers);
      api.kill('SIGKILL');
      api = startApi();
      dispatchers.push(system.launchDispatcher());
    }
    await system.until('all bills are finished', isFinished, limitMs);
    await system.until(
      'nothing is owed',
      async () => (await askValue(database, 'select count(*)::int from owed_outcome')) === 0,
    );
    const count = await lastNumber();
    for (const reader of [topicReader, feedReader, hookReader]) {
      await system.until(`${reader.name} has all`, () => reader.texts.size >= count, limitMs);
    }
    for (const dispatcher of dispatchers) await dispatcher.stop();
    await feed.stop();
    await results.stop();
    assert.equal(results.failure(), undefined);
    await assertAgainstJournal(count, [topicReader, feedReader, hookReader]);
    const repeated = [topicReader, feedReader, hookReader].map(
      ({ name, repeated: times }) => `${name} ${times}`,
    );
    process.stdout.write(`outcomes ${count}, kills ${kills} of each, repeated: ${repeated.join(', ')}\n`);
  });

  /** Kills the dispatcher that numbers and publishes, at some moment of its work. */
  async function killWriter(dispatchers: LaunchedProcess[]): Promise<void> {
    const before = await lastNumber();
    let pid: string | undefined;
    const somebodyWrites = async (): Promise<boolean> => {
      const [row] = await ask<[string]>(
        system.database,
        `select split_part(d.name, ':', 2) from lease l join dispatcher d on d.id = l.owner
         where l.name = 'outcomes' and l.expires_at > now()`,
      );
      pid = row?.[0];
      return pid !== undefined && (await lastNumber()) > before;
    };
    const isOver = async () => (await somebodyWrites()) || isFinished(await system.states());
    await system.until('somebody writes', isOver, limitMs);
    await sleep(Math.random() * 1_500);
    const at = dispatchers.findIndex((dispatcher) => String(dispatcher.pid) === pid);
    const [victim] = dispatchers.splice(Math.max(at, 0), 1);
    await victim?.kill();
  }

  function lastNumber(): Promise<number> {
    return askValue<number>(system.database, 'select number::int from outcome_counter');
  }

  /** The journal says all that happened, and the rows of the bills say what happened last. */
  async function assertAgainstJournal(count: number, readers: readonly Reader[]): Promise<void> {
    const journal = await ask<[string, string, number]>(
      system.database,
      'select bill_id::text, outcome, count(*)::int from delivery_attempt group by 1, 2 order by 1, 2',
    );
    assert.equal(
      journal.reduce((sum, [, , times]) => sum + times, 0),
      count,
    );
    const states = new Map(
      await ask<[string, string]>(
        system.database,
        'select bill_id::text, send_status from bill_notification',
      ),
    );
    for (const { name, texts } of readers) {
      assert.deepEqual(
        [...texts.keys()].toSorted((a, b) => a - b),
        Array.from({ length: count }, (_, i) => i + 1),
        name,
      );
      const outcomes = [...texts.values()].map((text): Outcome => JSON.parse(text));
      const told = Map.groupBy(outcomes, ({ billId, outcome }) => `${billId} ${outcome}`);
      for (const [billId, outcome, times] of journal) {
        assert.equal(told.get(`${billId} ${outcome}`)?.length, times, `${name}: ${billId} ${outcome}`);
      }
      const sorted = outcomes.filter(({ applied }) => applied).toSorted((a, b) => a.number - b.number);
      const final = new Map(sorted.map(({ billId, state }) => [billId, state]));
      for (const [billId, state] of states) assert.equal(final.get(billId), state, `${name}: ${billId}`);
    }
  }
});
