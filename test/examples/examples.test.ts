import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { createDatabase } from '../../src/db/database.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { createLogger } from '../../src/log/log.ts';
import { ask, askValue } from '../support/ask.ts';
import { bareEnvironment } from '../support/bareEnvironment.ts';
import { bearer, createTestApi, everyToken } from '../support/testApi.ts';
import { createTestSystem, type TestSystem } from '../support/testSystem.ts';

const systems: TestSystem[] = [];
after(() => Promise.all(systems.map((system) => system.destroy())));

/** A billcast on the tables of an example, set up as its README says. */
async function open(example: string): Promise<TestSystem> {
  const folder = join(projectDir, 'examples', example);
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const lines = read('settings.env')
    .split('\n')
    .filter((line) => line !== '');
  const settings = Object.fromEntries(
    // A dispatcher of a test has its own working folder.
    lines.map((line) => line.replace('=examples/', `=${projectDir}/examples/`).split(/=(.*)/s).slice(0, 2)),
  );
  const system = await createTestSystem({
    ...settings,
    SIMULATED_REFUSAL_RATE: '0',
    SIMULATED_DELAY_MS: '10',
  });
  systems.push(system);
  await ask(system.database, read('schema.sql'));
  await ask(system.database, read('seed.sql'));
  return system;
}

async function billcast(system: TestSystem, ...args: readonly string[]): Promise<string> {
  const command = [join(projectDir, 'src/cli/billcast.ts'), ...args];
  const env = { ...bareEnvironment, ...system.environment };
  return (await promisify(execFile)(process.execPath, command, { cwd: projectDir, env })).stdout;
}

async function runMonth(system: TestSystem): Promise<void> {
  // Around midnight, and in other time zones than the server's, this process may be in another month.
  const month = await askValue<string>(system.database, `select to_char(current_date, 'YYYY-MM')`);
  const registered = await billcast(system, 'register', '--month', month, '--json');
  assert.deepEqual(JSON.parse(registered), { month, bills: 20, registered: 20 });
  const again = await billcast(system, 'register', '--month', month, '--json');
  assert.equal(JSON.parse(again).registered, 0, 'nothing is taken in twice');
  await billcast(system, 'publish', '--month', month, '--yes');
  const dispatcher = await system.startDispatcher();
  await system.until('all bills are delivered', ({ delivered }) => delivered === 20);
  assert.equal(await dispatcher.stop(), 0);
  const bySms = await askValue(
    system.database,
    `select count(*)::int from bill_notification where channel = 'SMS'`,
  );
  assert.equal(bySms, 2, 'those without an e-mail address');
  const verified = JSON.parse(await billcast(system, 'verify', '--month', month, '--json'));
  assert.deepEqual([verified.bills, verified.delivered, verified.lost], [20, 20, 0]);
}

/** What `preview` writes of a bill. */
async function preview(system: TestSystem, billId: string) {
  const facts = JSON.parse(await billcast(system, 'preview', billId, '--json'));
  return {
    subject: facts.subject,
    text: readFileSync(facts.text, 'utf8'),
    sms: readFileSync(facts.sms, 'utf8'),
  };
}

function plain(text: string): string {
  return text.replaceAll(/[^\S\n]/g, ' ');
}

describe('the bank statement', () => {
  it('goes out from its own tables, in the currency of each account', async () => {
    const system = await open('bank-statement');
    await runMonth(system);
    const dollars = await preview(system, '5001');
    assert.match(dollars.text, /^Dear A\*\* L\*\*\*,\n\nAccount \*{4}-\*{4}-3001, /);
    assert.match(dollars.text, /Salary {2}\$12\.50\n.*Card payment {2}-\$49\.99\n/);
    assert.match(dollars.text, /Closing balance \$962\.51 \(-\$37\.49\)\nYou spent more than came in\./);
    assert.match(plain((await preview(system, '5005')).sms), /^Statement \w+ \d{4}: KWD 101\.251 on account/);
  });
});

describe('the electricity bill', () => {
  let system: TestSystem;

  it('goes out from tables whose ids are UUIDs, in the language of each customer', async () => {
    system = await open('electricity-bill');
    await runMonth(system);
    const [german = '', english = ''] = await Promise.all(
      [1, 4].map((n) => askValue<string>(system.database, `select md5('invoice${n}')::uuid::text`)),
    );
    const bill = await preview(system, german);
    assert.match(plain(bill.subject), /^Ihre Stromrechnung \p{L}+ \d{4}: 14,10 €$/u);
    assert.match(
      plain(bill.text),
      /^Guten Tag E\*\*\* M\*\*\*,\n[\s\S]*Zähler DE-1001, .*: 10,5 kWh\n[\s\S]*Energy: 4,20 €\n/,
    );
    assert.match(
      (await preview(system, english.toUpperCase())).subject,
      /^Your electricity bill for .*: €26\.70$/,
    );
    assert.match(await billcast(system, 'explain', german), new RegExp(`^bill ${german} .*: DELIVERED`));
    const unknown = billcast(system, 'explain', '00000000-0000-4000-8000-000000000000');
    await assert.rejects(unknown, /there is no bill 00000000-0000-4000-8000-000000000000/);
    const doctor = await billcast(system, 'doctor').catch(({ stdout }) => String(stdout));
    assert.match(doctor, /source +.*give what is wanted, and the newest bill can be read/);
  });

  it('is known to every route by the ids of its company', async () => {
    const [bill = '', member = '', number = ''] = await Promise.all(
      [
        `select md5('invoice1')::uuid::text`,
        `select customer_id::text from power.invoice where id = md5('invoice1')::uuid`,
        `select bill_id::text from bill_reference where bill_key = md5('invoice1')::uuid::text`,
      ].map((text) => askValue<string>(system.database, text)),
    );
    const { config, environment } = system;
    const database = createDatabase({
      url: environment.DATABASE_URL ?? '',
      poolSize: 2,
      log: createLogger({ level: 'silent', pretty: false }),
      patienceMs: 5_000,
      source: config.source,
    });
    const app = await createTestApi({ database, environment: { ...environment, API_TOKENS: everyToken } });
    const get = async (url: string) =>
      (await app.inject({ url: `/api/v1${url}`, headers: bearer('admin') })).json();
    const post = (url: string, payload: object) =>
      app.inject({ method: 'POST', url: `/api/v1${url}`, headers: bearer('admin'), payload });

    const explained = await get(`/bills/${bill.toUpperCase()}`);
    assert.equal(explained.billId, bill);
    assert.match(explained.headline, new RegExp(`^bill ${bill} `));
    assert.equal((await get(`/bills/${number}`)).billId, bill, 'a number is taken too');
    assert.equal((await get(`/bills/${bill}/proof`)).billId, bill);
    const revealed = await post(`/bills/${bill}/reveal`, { reason: 'a test of ids' });
    assert.deepEqual([revealed.json().billId, revealed.json().memberId], [bill, member]);
    const found = await post('/bills/search', { memberId: member });
    assert.deepEqual(
      found.json().items.map(({ billId }: { billId: string }) => billId),
      [bill],
    );
    const exported = await post('/bills/export', { where: { billId: bill }, reason: 'a test of ids' });
    assert.match(exported.body, new RegExp(`\n${bill},${member},`));
    const action = await post('/actions', { kind: 'resend', selection: { billIds: [bill] } });
    assert.deepEqual(action.json().request.selection.billIds, [bill]);
    assert.equal(action.json().sample[0].billId, bill);
    const audited = await get('/audit?limit=500');
    assert.ok(audited.items.some(({ billIds }: { billIds: string[] }) => billIds.includes(bill)));

    const nobody = '00000000-0000-4000-8000-000000000000';
    const unknown = await get(`/bills/${nobody}`);
    assert.deepEqual([unknown.status, unknown.code], [404, 'BILL_NOT_FOUND']);
    assert.equal(unknown.detail, `there is no bill ${nobody}`);
    assert.equal((await post('/bills/search', { memberId: nobody })).json().code, 'MEMBER_NOT_FOUND');
    assert.equal((await get('/bills/no-id')).code, 'REQUEST_INVALID');
    await app.close();
    await database.close();
  });
});
