import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { channelNames } from '../../src/channels.ts';
import { ownTopics } from '../../src/config/billTopics.ts';
import { readTopics } from '../../src/kafka/readTopics.ts';
import { switchOutcomes } from '../../src/operations/outcomes/switchOutcomes.ts';
import { mappedSendsFiles } from '../../src/providers/mapped/mapped.ts';
import { findMapping } from '../../src/providers/mapped/mappingFiles.ts';
import { sampleMember } from '../../src/sample/member.ts';
import { withOddity } from '../../src/sample/oddities.ts';
import { ask, askValue } from '../support/ask.ts';
import { bodyOf, listen } from '../support/httpServer.ts';
import {
  type EchoingServer,
  gatewayAnswers,
  mappedAnswers,
  type PersonOf,
  startEchoing,
  startEchoingSmtp,
} from '../support/standIns/echoingServers.ts';
import { mailStandIns } from '../support/standIns/mailStandIns.ts';
import { spellingsOf } from '../support/standIns/personalSpellings.ts';
import type { StandIn } from '../support/standIns/standIn.ts';
import { talkStandIns } from '../support/standIns/talkStandIns.ts';
import { textStandIns } from '../support/standIns/textStandIns.ts';
import { bearer, createTestApi, everyToken } from '../support/testApi.ts';
import { createTestSystem, type LaunchedProcess, type TestSystem } from '../support/testSystem.ts';

/*
 * A run with each provider, which repeats all that it knows of a member. Afterwards no log line, row, record,
 * metric, span, answer of the API, file or last word of a process holds a value of a member, however it is
 * written.
 */

const members = 200;
/** `SEEDED_PROVIDER=twilio` for one of them. */
const only = process.env.SEEDED_PROVIDER;
/** The billing system's, and what is kept as other systems wrote it: docs/privacy.md. */
const foreign = ['member', 'bill', 'bill_item', 'early_event', 'poison_record'];

interface Kind {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly server?: EchoingServer;
}

/** What the sample data hold of each member. */
function personsOf(month: string): string[][] {
  return Array.from({ length: members }, (_, index) => sampleMember(1, BigInt(index + 1), month))
    .flatMap((member) => [...new Set([member, withOddity(member)])])
    .map(({ name, email, phone, address, payment }) =>
      [name, email ?? '', phone, address, payment.ownerName, payment.number].filter(
        (value) => value.length > 2,
      ),
    );
}

/** Finds the member whose address or number a request has. */
function finderOf(persons: readonly string[][]): PersonOf {
  const contacts = persons.map(([, ...others]) =>
    others.flatMap((value) => {
      if (value.includes('@')) return [value.trim().toLowerCase()];
      return /^0\d\d-\d{4}-\d{4}$/.test(value) ? [value, value.replaceAll('-', '').slice(1)] : [];
    }),
  );
  return (sent) => {
    const text = sent.toLowerCase();
    const index = contacts.findIndex((own) => own.some((contact) => text.includes(contact)));
    return persons[index] ?? [];
  };
}

/** Each e-mail has the PDF of its bill with it. */
function withFiles({ name, settings, ...kind }: Kind): Kind {
  return {
    ...kind,
    name: `${name} with files`,
    settings: { ...settings, ATTACH_PDF: 'true', PDF_PASSWORD: 'phone' },
  };
}

async function mapped(standIn: StandIn, personOf: PersonOf): Promise<Kind> {
  const { provider, channel, settings, urlSetting } = standIn;
  const found = findMapping(provider, undefined);
  if (found.kind !== 'found') throw new RangeError(`no ${provider}`);
  const server = await startEchoing(mappedAnswers(found.mapping), personOf);
  return {
    name: `${provider} for ${channel}`,
    server,
    settings: {
      ...settings,
      [urlSetting]: server.url,
      CHANNELS: channel,
      [`PROVIDER_${channel}`]: provider,
    },
  };
}

async function kindsOf(personOf: PersonOf): Promise<Kind[]> {
  const gateway = await startEchoing(gatewayAnswers, personOf);
  const smtp = await startEchoingSmtp(personOf);
  after(() => smtp.close());
  const plain: Kind[] = [
    { name: 'simulated', settings: { SIMULATED_REFUSAL_RATE: '0.4' } },
    {
      name: 'http',
      server: gateway,
      settings: {
        PROVIDER_EMAIL: 'http',
        PROVIDER_SMS: 'http',
        HTTP_EMAIL_URL: `${gateway.url}/email`,
        HTTP_SMS_URL: `${gateway.url}/sms`,
      },
    },
    {
      name: 'smtp',
      settings: {
        PROVIDER_EMAIL: 'smtp',
        SMTP_URL: `smtp://127.0.0.1:${smtp.port}?tls=off`,
        SMTP_FROM: 'bill@billcast.test',
      },
    },
    ...(await Promise.all(
      [...mailStandIns, ...textStandIns, ...talkStandIns].map((standIn) => mapped(standIn, personOf)),
    )),
  ];
  const sendFiles = await Promise.all(
    mailStandIns
      .filter(({ provider }) => mappedSendsFiles(provider, undefined))
      .map((standIn) => mapped(standIn, personOf)),
  );
  const bySmtp = plain.filter(({ name }) => name === 'smtp');
  return [...plain, ...[...bySmtp, ...sendFiles].map(withFiles)];
}

/** How a PDF begins, and the same in Base64. */
const pdfs = ['%PDF-1.', 'JVBERi0x'];

/** All that billcast keeps in tables, as text. */
async function rowsOf({ database }: TestSystem): Promise<string[]> {
  const tables = await ask<[string]>(
    database,
    `select n.nspname || '.' || quote_ident(relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and relkind in ('r', 'p')
       and relname <> all($1)`,
    [foreign],
  );
  const rows: string[] = [];
  for (const [table] of tables) {
    for (const [row] of await ask<[string]>(database, `select t::text from ${table} t`)) {
      rows.push(`${table}: ${row}`);
    }
  }
  return rows;
}

async function recordsOf({ kafka, config }: TestSystem): Promise<string[]> {
  const records = await readTopics(kafka, [
    ...ownTopics(config).map(({ name }) => name),
    config.kafka.resultTopic,
  ]);
  return records.map(
    ({ topic, key, value, headers }) => `${topic}: ${key} ${value} ${JSON.stringify(headers)}`,
  );
}

/** All files that the processes left, reports of crashes too. */
function filesIn(path: string): string[] {
  return readdirSync(path).flatMap((name) => {
    const file = join(path, name);
    return statSync(file).isDirectory() ? filesIn(file) : [`${file}: ${readFileSync(file, 'utf8')}`];
  });
}

/** All that a viewer may read. */
async function answersOf(system: TestSystem, billId: string): Promise<string[]> {
  const api = await createTestApi({
    database: system.database,
    kafka: system.kafka,
    environment: { ...system.environment, API_TOKENS: everyToken },
  });
  const { paths } = (await api.inject('/api/v1/openapi.json')).json();
  const urls = Object.entries<Record<string, { 'x-roles'?: readonly string[] }>>(paths)
    .filter(([url, { get }]) => get?.['x-roles']?.includes('viewer') && !url.endsWith('/stream'))
    .map(([url]) => url.replaceAll(/\{billId\}/g, billId).replaceAll(/\{\w+\}/g, 'EMAIL'));
  const answers: string[] = [];
  for (const url of [...urls, `/api/v1/bills/${billId}`, '/metrics']) {
    const { statusCode, body } = await api.inject({ url, headers: bearer('viewer') });
    answers.push(`${url}: ${statusCode} ${body}`);
  }
  await api.close();
  return answers;
}

/** A collector of traces. */
async function startCollector(): Promise<{ readonly url: string; readonly spans: string[] }> {
  const spans: string[] = [];
  const { port } = await listen(
    createServer((request, response) => {
      void bodyOf(request).then((body) => {
        spans.push(`span: ${body}`);
        response.end();
      });
    }),
  );
  return { url: `http://127.0.0.1:${port}`, spans };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Throws where nobody catches it, on a signal, and has Node write all that it reports of that. */
const crashable =
  '--report-uncaught-exception --report-on-fatalerror --import=data:text/javascript,' +
  encodeURIComponent("process.on('SIGUSR2',()=>{throw new Error('crash')})");

async function attemptsOf({ database }: TestSystem): Promise<number> {
  return askValue(database, 'select count(*)::int from delivery_attempt');
}

/** A brake lets a trial through every few seconds, and what answers so badly is braked most of the time. */
const brakedMs = 240_000;

/** Waits until no attempts come any more, or all bills have one. */
async function untilQuiet(system: TestSystem): Promise<void> {
  const deadline = performance.now() + 20_000;
  let before = -1;
  for (;;) {
    const open = await askValue<number>(
      system.database,
      `select count(*)::int from bill_notification
       where send_status in ('PENDING', 'SENDING') and (not_before is null or not_before < now())`,
    );
    const attempts = await attemptsOf(system);
    if (open === 0 || performance.now() > deadline || (attempts === before && attempts > members / 2)) return;
    before = attempts;
    await sleep(3_000);
  }
}

function assertClean(written: readonly string[], secrets: readonly string[]): void {
  const found = written.flatMap((text) =>
    secrets.flatMap((secret) => {
      const at = text.indexOf(secret);
      return at === -1
        ? []
        : [`${secret}: ${text.slice(0, 60)} ... ${text.slice(Math.max(0, at - 200), at + 80)}`];
    }),
  );
  assert.deepEqual(found.slice(0, 8), []);
}

async function run({ name, settings, server }: Kind, secrets: readonly string[]): Promise<void> {
  const collector = await startCollector();
  const metricsPort = await freePort();
  const topics = channelNames.map((channel) => [`TOPIC_${channel}`, `${channel}-${randomUUID()}`]);
  const system = await createTestSystem({
    LOG_LEVEL: 'trace',
    CIPHER_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    FALLBACK_STOP_RATE: '1',
    SMS_TURN_STOP_RATE: '1',
    HTTP_CONCURRENCY: '1',
    METRICS_PORT: String(metricsPort),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_SAMPLER_ARG: '1',
    TOPIC_RESULT: `result-${randomUUID()}`,
    ...Object.fromEntries(topics),
    ...settings,
  });
  try {
    await switchOutcomes(system, { on: true, actor: 'person test' });
    await system.publish(members);
    const first = await system.startDispatcher({ NODE_OPTIONS: crashable });
    await system.until('some are sent', async () => (await attemptsOf(system)) > members / 10, brakedMs);
    first.signal('SIGUSR2');
    assert.notEqual(await first.ended(), 0);
    const dispatchers: LaunchedProcess[] = [first, await system.startDispatcher()];
    await system.until('half is sent', async () => (await attemptsOf(system)) > members / 2, brakedMs);
    server?.failAll();
    await untilQuiet(system);
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    await dispatchers[1]?.stop();
    const rows = await rowsOf(system);
    const records = await recordsOf(system);
    const files = filesIn(system.config.dataDir);
    const output = dispatchers.map((dispatcher) => dispatcher.output());
    const billId = await askValue<string>(system.database, 'select min(bill_id)::text from delivery_attempt');
    const answers = await answersOf(system, billId);
    const outcomes = await ask<[string, string]>(
      system.database,
      'select outcome, count(*)::text from delivery_attempt group by outcome order by outcome',
    );
    const brakes = await ask<[string]>(
      system.database,
      `select channel || ' ' || cause from brake where kind is not null`,
    );
    console.log(
      `${name}: ${outcomes.map((one) => one.join(' ')).join(', ')}; brakes: ${brakes.join('; ')}; ` +
        `${rows.length} rows, ${records.length} records, ${files.length} files, ${answers.length} answers, ` +
        `${collector.spans.length} exports of spans, ${output.join('').length} characters of log`,
    );
    assert.ok(
      files.some((file) => file.includes('"event": "Exception"')),
      'a report of the crash is among them',
    );
    assert.ok(records.length > 0 && collector.spans.length > 0 && metrics.includes('billcast_'));
    assertClean([...output, metrics, ...rows, ...records, ...files, ...answers, ...collector.spans], secrets);
  } finally {
    await system.destroy();
  }
}

describe('a run with a provider that repeats whom a message is for', async () => {
  const now = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Seoul', year: 'numeric', month: '2-digit' });
  const persons = personsOf(`${now.format(new Date())}-01`);
  const secrets = [...new Set(persons.flat().flatMap(spellingsOf))];
  const kinds = await kindsOf(finderOf(persons));
  for (const kind of kinds.filter(({ name }) => only === undefined || name.startsWith(only))) {
    it(`leaves nothing of a member behind: ${kind.name}`, () => run(kind, [...secrets, ...pdfs]));
  }
});
