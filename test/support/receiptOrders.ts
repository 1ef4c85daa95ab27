import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { ReceiptMeter } from '../../src/metrics/receiptMeter.ts';
import { explainBill } from '../../src/operations/explain/explainBill.ts';
import { switchOutcomes } from '../../src/operations/outcomes/switchOutcomes.ts';
import { reconcile } from '../../src/operations/reconcile.ts';
import { createAddressHasher } from '../../src/policy/addressHasher.ts';
import { createRecipientMarks } from '../../src/providers/mapped/recipientMark.ts';
import { createReceiptPolls } from '../../src/providers/registry.ts';
import { createRandom } from '../../src/sample/random.ts';
import { ask, askValue } from './ask.ts';
import { type CapturedLog, captureLog } from './capturedLog.ts';
import { billIdOf, insertNotification, memberIdOf } from './notifications.ts';
import { localPartOf, type Person, ReceiptStory, type StoryWorld } from './receiptStory.ts';
import { inboundSecrets } from './signedWebhooks.ts';
import { type ListedMessage, listStandIns, runListStandIn } from './standIns/listStandIns.ts';
import { spellingsOf } from './standIns/personalSpellings.ts';
import { useTemporaryFolder } from './temporaryFolder.ts';
import { createTestApi, everyToken } from './testApi.ts';
import { insertBill } from './testBills.ts';
import { createFakeRenderPool, createTestPipeline, type TestPipeline } from './testPipeline.ts';
import { createFakeProvider } from './testProviders.ts';
import { sweepDepsOf } from './testSweep.ts';
import { useTestDatabase } from './useTestDatabase.ts';

/**
 * Tells stories of members who are forgotten while providers still talk about them: one per seed. Afterwards
 * nothing readable is left of them, and the history of their bills is true.
 */
export function describeReceiptOrders({ firstSeed, count }: { firstSeed: number; count: number }): void {
  const test = useTestDatabase();
  const folder = useTemporaryFolder();

  describe('receipts before, between and after the times that a member is forgotten', () => {
    it('leave nothing of the member, and one true history, in whatever order they come', async () => {
      const stage = await openStage(test.database, folder);
      const people: Person[] = [];
      for (let seed = firstSeed; seed < firstSeed + count; seed++) {
        const story = await begin(stage, seed);
        try {
          await tellWhole(story);
          await assertSteps(stage.world, story);
          await assertHistory(stage.world, story);
        } catch (cause) {
          throw new Error(`seed ${seed}:\n${story.steps.join('\n')}\n${cause}`, { cause });
        }
        people.push(story.person);
      }
      await assertAccounts(stage.world);
      await assertNothingLeft(stage, people);
      await stage.close();
    });
  });
}

interface Stage {
  readonly world: StoryWorld;
  readonly captured: CapturedLog;
  /** The story whose bills are sent now. */
  told: { story: ReceiptStory | undefined };
  close(): Promise<void>;
}

async function openStage(database: StoryWorld['database'], folder: string): Promise<Stage> {
  const sens = listStandIns.find(({ provider }) => provider === 'sens') ?? assert.fail();
  const listed: ListedMessage[] = [];
  const { url } = await runListStandIn(sens, listed);
  const config = loadConfig({ ...sens.settings, SENS_URL: url, PROVIDER_SMS: 'sens', DATA_DIR: folder });
  const { keys } = config.cipher;
  const captured = captureLog();
  const { log } = captured;
  const api = await createTestApi({ database, log, environment: apiEnvironment() });
  const told: Stage['told'] = { story: undefined };
  const pipeline = await openPipeline(database, log, () => told.story ?? assert.fail('no story'));
  const [poll = assert.fail()] = await createReceiptPolls(config.providerSettings, {
    timeLimitMs: 5_000,
    perSecond: {},
  });
  const ledgerFile = join(folder, 'ledger.jsonl');
  writeFileSync(ledgerFile, '');
  await switchOutcomes({ database }, { on: true, actor: 'person ann' });
  const world = {
    database,
    config,
    api,
    pipeline,
    poll,
    listed,
    ledgerFile,
    sweepDeps: sweepDepsOf(database, { log }),
    receiving: {
      database,
      log,
      addressHasher: createAddressHasher(keys),
      receiptMeter: new ReceiptMeter(),
    },
    marks: createRecipientMarks(keys.map(({ key }) => key)),
  };
  const close = async (): Promise<void> => {
    await pipeline.stop();
    await poll.stop();
    await api.close();
  };
  return { world, captured, told, close };
}

function apiEnvironment(): Record<string, string> {
  const secrets = (['http', 'ses', 'twilio'] as const).map((name) => `${name}:${inboundSecrets[name]}`);
  return {
    API_TOKENS: everyToken,
    INBOUND_SECRETS: secrets.join(','),
    INBOUND_URL: 'https://billcast.example/',
  };
}

/** Each bill is sent to the member of the story, by a provider whose answers the story chooses. */
function openPipeline(
  database: StoryWorld['database'],
  log: CapturedLog['log'],
  storyNow: () => ReceiptStory,
): Promise<TestPipeline> {
  const provider = createFakeProvider({
    send: (message, { claim, idempotencyKey }) => storyNow().carry(message, claim.channel, idempotencyKey),
  });
  const [html, text] = [Buffer.from('h'), Buffer.from('t')];
  return createTestPipeline(database, {
    provider,
    log,
    renderPool: {
      ...createFakeRenderPool(),
      render: async (_, bills) =>
        bills.map(({ bill: { claim } }) => {
          const { email, phone } = storyNow().person;
          return claim.channel === 'EMAIL'
            ? { kind: 'email', to: email, subject: 's', html, text, release: () => undefined }
            : { kind: 'text', to: phone, text: 't', bytes: 1 };
        }),
    },
  });
}

function personOf(seed: number): Person {
  const four = String(1_000 + (seed % 9_000));
  const letters = four.replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '');
  return {
    name: `홍길동${four}`,
    email: `hong.${letters}@example.com`,
    phone: `010-${four}-5678`,
    address: `서울특별시 중구 세종대로 ${four}`,
  };
}

/** A member as the billing system has them, in the clear, and two bills. */
async function begin({ world, told }: Stage, seed: number): Promise<ReceiptStory> {
  const { database } = world;
  const memberId = memberIdOf(10_000 + seed);
  const person = personOf(seed);
  const { name, email, phone, address } = person;
  await ask(
    database,
    `insert into member (id, name, email, phone, address, grade) values ($1, $2, $3, $4, $5, 'VIP')`,
    [memberId, name, email, phone, address],
  );
  const billIds = [billIdOf(20_000 + 2 * seed), billIdOf(20_001 + 2 * seed)] as const;
  for (const billId of billIds) {
    await insertBill(database, { billId, memberId });
    await insertNotification(database, { billId, memberId });
  }
  const story = new ReceiptStory(world, { random: createRandom(seed, 1n), person, memberId, billIds });
  told.story = story;
  return story;
}

/** The member is forgotten for good, and then providers have something to add. */
async function tellWhole(story: ReceiptStory): Promise<void> {
  for (let steps = story.random.integer(8, 24); steps > 0; steps--) await story.step();
  await story.end();
  assert.ok(await story.forget());
  await story.answerLate();
  for (let late = story.random.integer(2, 5); late > 0; late--) await story.tell();
  await story.sweep();
  await story.end();
}

/** What came back did so by word of its provider, about this very message. */
async function assertSteps({ database }: StoryWorld, { billIds, heard }: ReceiptStory): Promise<void> {
  const bounced = await ask<[string]>(
    database,
    `select distinct bill_id || ':' || channel || ':' || cycle from delivery_attempt
     where bill_id = any($1::bigint[]) and outcome = 'BOUNCED'`,
    [billIds],
  );
  for (const [key] of bounced) {
    const said = [...(heard.get(key) ?? [])];
    assert.ok(
      said.some((kind) => kind.startsWith('bounced') || kind === 'blocked'),
      `nobody said so of ${key}`,
    );
  }
}

async function assertHistory(world: StoryWorld, { billIds, person }: ReceiptStory): Promise<void> {
  for (const billId of billIds) {
    const facts = JSON.stringify(await explainBill(world, { billId }));
    for (const value of Object.values(person)) assert.ok(!facts.includes(value), value);
  }
  const count = (text: string) => askValue(world.database, `select count(*)::int from ${text}`, [billIds]);
  const own = 'bill_id = any($1::bigint[])';
  assert.equal(await count(`bill_receipt where verdict is null and ${own}`), 0, 'receipts are not judged');
  for (const table of ['bill_receipt', 'delivery_attempt']) {
    const hashed = `${table} where address_hash is not null and ${own}`;
    assert.equal(await count(hashed), 0, `a hash of an address is in ${table}`);
  }
  const unmatched = `unmatched_receipt u where address_hash is not null
    and exists (select 1 from delivery_attempt a where a.provider_id = u.provider_id
                and a.outcome = 'ACCEPTED' and ${own})`;
  assert.equal(await count(unmatched), 0, 'a hash of an address waits for its bill');
}

async function assertAccounts({ database, ledgerFile }: StoryWorld): Promise<void> {
  const { lost, duplicated } = await reconcile(database, {
    ledgerFiles: [ledgerFile],
    lag: { events: 0 },
    orphanAfterMs: 60_000,
    abandonedAfterMs: 60_000,
  });
  assert.deepEqual({ lost, duplicated }, { lost: 0, duplicated: 0 });
}

async function assertNothingLeft({ world, captured }: Stage, people: readonly Person[]): Promise<void> {
  const kept = [
    ...(await keptTexts(world.database)),
    ...captured.lines.map((line) => JSON.stringify(line)),
    readFileSync(world.ledgerFile, 'utf8'),
  ];
  const secrets = people
    .flatMap((person) => [...Object.values(person), localPartOf(person.email)])
    .flatMap(spellingsOf);
  const found = kept.flatMap((text) =>
    secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${text}`),
  );
  assert.deepEqual(found.slice(0, 8), []);
}

/** All that billcast keeps, as text: bytes too. */
async function keptTexts(database: StoryWorld['database']): Promise<string[]> {
  const tables = await ask<[string, string[]]>(
    database,
    `select c.table_name,
       array_agg(case data_type when 'bytea' then format('encode(%I, ''escape'')', column_name)
                 else format('%I::text', column_name) end)
     from information_schema.columns c
       join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and table_type = 'BASE TABLE'
       and table_name <> all(array['member', 'bill', 'bill_item'])
     group by 1`,
  );
  const texts: string[] = [];
  for (const [table, columns] of tables) {
    const rows = await ask<[string]>(
      database,
      `select concat_ws(' | ', ${columns.join(', ')}) from "${table}"`,
    );
    texts.push(...rows.map(([row]) => `${table}: ${row}`));
  }
  return texts;
}
