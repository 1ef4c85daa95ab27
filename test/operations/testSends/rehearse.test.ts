import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type Config, loadConfig } from '../../../src/config/loadConfig.ts';
import type { Database } from '../../../src/db/database.ts';
import { insertPlannedRun } from '../../../src/db/runs/insertRun.ts';
import { readProposalTime } from '../../../src/db/runs/proposalCounts.ts';
import { pauseRunRow } from '../../../src/db/runs/runChanges.ts';
import { readRunEvents } from '../../../src/db/runs/runEvents.ts';
import { findRunRow, type Run } from '../../../src/db/runs/runRows.ts';
import { beginTestSends } from '../../../src/db/runs/testSends.ts';
import { createBillLoader } from '../../../src/db/source/loadBills.ts';
import { type Rendering, startRendering } from '../../../src/dispatcher/rendering.ts';
import { addSampleBills } from '../../../src/operations/addSampleBills.ts';
import { readRehearsal } from '../../../src/operations/testSends/readRehearsal.ts';
import {
  type RehearsalFacts,
  type RehearseRequest,
  rehearse,
} from '../../../src/operations/testSends/rehearse.ts';
import {
  type SeedDeps,
  sendSeedsAhead,
  sendSeedsNow,
} from '../../../src/operations/testSends/sendRunSeeds.ts';
import type { TestSending } from '../../../src/operations/testSends/testSending.ts';
import { readTemplates } from '../../../src/pool/readTemplates.ts';
import { createProviders, stopProviders } from '../../../src/providers/registry.ts';
import { createFieldCiphers } from '../../../src/render/cipher/fieldCiphers.ts';
import { completePlan } from '../../../src/runs/plan.ts';
import { planHash } from '../../../src/runs/planHash.ts';
import { ask } from '../../support/ask.ts';
import { captureLog } from '../../support/capturedLog.ts';
import { noQuotas, noRates } from '../../support/noRates.ts';
import { billIdOf, emptyTables, newToken } from '../../support/notifications.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';
import { startTestGateway } from '../../support/testGateway.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
const folder = useTemporaryFolder();
const { log, warnings } = captureLog();
let gateway: Awaited<ReturnType<typeof startTestGateway>>;

async function membersOf(places: readonly number[]): Promise<string[]> {
  const rows = await db.database.execute('select member_id from bill_notification order by bill_id');
  return places.map((place) => String(rows.rows[place]?.member_id));
}

function configOf(settings: Record<string, string>): Config {
  const url = gateway.url;
  const http = { PROVIDER_EMAIL: 'http', PROVIDER_SMS: 'http', HTTP_EMAIL_URL: url, HTTP_SMS_URL: url };
  return loadConfig({ ...http, POOL_THREADS: '1', PROVIDER_RATES: 'http:1000', ...settings });
}

async function planned(id: string, kind: 'PLANNED' | 'REHEARSAL'): Promise<Run> {
  const surroundings = { templates: {}, timeZone: 'Asia/Seoul', now: new Date() };
  const plan = completePlan({ selection: { month: '2026-11' }, seeds: true }, surroundings);
  const counts = { bills: 12, notHeld: 0, unknown: 0, amount: null, channels: {}, overlaps: [] };
  const proposal = { asOf: await readProposalTime(db.database), ...counts };
  const run = { id, kind, plan, proposal, planHash: planHash(plan, proposal), fourEyes: false };
  await insertPlannedRun(db.database, { ...run, requestedBy: 'ann' });
  const found = await findRunRow(db.database, id);
  assert.ok(found !== undefined);
  return found;
}

/** One pool for all: its encoders are the same. */
let rendering: Promise<Rendering> | undefined;

async function withSending<T>(config: Config, work: (sending: TestSending) => Promise<T>): Promise<T> {
  rendering ??= startRendering(
    { config: configOf({}), log },
    await readTemplates(config.templates),
    () => undefined,
  );
  const { renderPool } = await rendering;
  const { startDeadlineMs, sendTimeoutMs } = config;
  const options = { startDeadlineMs, sendTimeoutMs, openRate: noRates, openQuota: noQuotas, log };
  const providers = await createProviders(config.providers, config.providerSettings, options);
  try {
    const loadBills = createBillLoader(config.source);
    return await work({ config, database: db.database, loadBills, renderPool, providers });
  } finally {
    await stopProviders(providers);
  }
}

function rehearsed(
  id: string,
  settings: Record<string, string>,
  { database = db.database, ...change }: Partial<RehearseRequest> & { database?: Database } = {},
): Promise<RehearsalFacts> {
  const config = configOf(settings);
  const request = { id, actor: 'ann', signal: new AbortController().signal, ...change };
  return withSending(config, (sending) => rehearse({ ...sending, database, config, log }, request));
}

function withSeeds<T>(settings: Record<string, string>, work: (deps: SeedDeps) => Promise<T>): Promise<T> {
  const config = configOf(settings);
  return withSending(config, (sending) => work({ ...sending, config }));
}

function acceptedKeys(): string[] {
  const lines = readFileSync(gateway.ledgerFile, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line).key);
}

/** Everything of every bill. */
async function rowsOfBills(): Promise<unknown[]> {
  return (await db.database.execute('select n::text from bill_notification n order by bill_id')).rows;
}

describe('messages that settle no bill', () => {
  before(async () => {
    gateway = await startTestGateway(folder);
    await emptyTables(db.database);
    const config = { ...loadConfig({}), production: false };
    await addSampleBills({ database: db.database, config }, { members: 12, seed: 1, month: '2026-11-01' });
    const { seal } = createFieldCiphers(config.cipher);
    // Two work for the company; the third has no e-mail address, and a number that is on the list.
    for (const [nth, contact, text] of [
      [0, 'email', 'kim@company.kr'],
      [1, 'email', 'Lee@COMPANY.kr'],
      [2, 'email', null],
      [2, 'phone', '010-1234-5678'],
    ] as const) {
      const [member = ''] = await membersOf([nth]);
      const sealed = text === null ? null : seal(contact, member, text);
      await ask(db.database, `update member set ${contact} = $1 where id = $2`, [sealed, member]);
    }
  });
  after(async () => {
    await (await rendering)?.renderPool.stop();
    await gateway.close();
  });
  beforeEach(() => ask(db.database, 'truncate test_send'));

  describe('a rehearsal', () => {
    const onlyCompany = { DELIVER_ONLY_TO: '@company.kr,01012345678' };

    it('sends to nobody but those who are listed, with keys of its own, and changes no bill', async () => {
      const run = await planned('listed', 'REHEARSAL');
      const before = await rowsOfBills();
      const facts = await rehearsed('listed', onlyCompany);
      assert.deepEqual(
        [facts.ended, facts.bills, facts.sent, facts.sent + facts.notListed + facts.unpreparable],
        ['all', 12, 3, 12],
      );
      const keys = acceptedKeys().filter((key) => key.endsWith(':0:rehearsal:listed'));
      assert.equal(new Set(keys).size, 3);
      assert.equal(keys.filter((key) => key.includes(':SMS:')).length, 1);
      assert.deepEqual(await rowsOfBills(), before);
      assert.equal((await findRunRow(db.database, run.id))?.state, 'DONE');
      assert.ok(warnings().some((line) => line.startsWith('rehearsal: ')));
    });

    it('sends nothing twice: not after a crash, and not what was perhaps sent', async () => {
      const run = await planned('crashed', 'REHEARSAL');
      const [first] = await membersOf([0]);
      const { rows } = await db.database.execute(
        'select bill_id from bill_notification where member_id = $1',
        [first],
      );
      const message = {
        keySuffix: 'rehearsal:crashed',
        billId: billIdOf(rows[0]?.bill_id),
        channel: 'EMAIL',
      } as const;
      const dead = { run: run.number, sender: newToken() };
      assert.equal((await beginTestSends(db.database, dead, [{ ...message, provider: 'http' }])).length, 1);
      const facts = await rehearsed('crashed', onlyCompany);
      assert.deepEqual([facts.sent, facts.sentBefore, facts.unknown], [2, 0, 1]);
    });

    it('goes on after a pause, and stops for one', async () => {
      const run = await planned('paused', 'REHEARSAL');
      const stop = new AbortController();
      stop.abort();
      const interrupted = await rehearsed('paused', onlyCompany, { signal: stop.signal });
      assert.deepEqual([interrupted.ended, interrupted.sent], ['stopped', 0]);
      assert.equal((await findRunRow(db.database, 'paused'))?.hold?.code, 'INTERRUPTED');
      assert.equal((await rehearsed('paused', onlyCompany)).sent, 3);
      const seen = { number: run.number, seenHash: run.planHash, actor: 'ann' };
      assert.equal(await pauseRunRow(db.database, seen, { code: 'PERSON', detail: '' }), false, 'it is done');
      await assert.rejects(rehearsed('paused', onlyCompany), {
        code: 'RUN_MOVED_ON',
        message: /is DONE: make another one/,
      });
    });

    it('sends all to one person if it is told to, up to a limit', async () => {
      await planned('redirected', 'REHEARSAL');
      const facts = await rehearsed('redirected', { REDIRECT_ALL_TO: 'qa@company.kr' }, { limit: 4 });
      assert.deepEqual([facts.sent, facts.ended], [4, 'limit']);
      assert.equal(acceptedKeys().filter((key) => key.endsWith('rehearsal:redirected')).length, 4);
    });

    it('is never read as half ended', async () => {
      const stands: string[] = [];
      const look = async (id: string) => {
        const { state, isWorking, progress } = await readRehearsal(db, id);
        if (progress !== null) stands.push(`${state} ${isWorking} ${progress.ended}`);
      };
      // All that a reader can see: one look after each statement that the rehearsal runs.
      const lookAfterEach = (id: string): Database => ({
        ...db.database,
        async query<Row extends unknown[]>(...asked: Parameters<Database['query']>) {
          const rows = await db.database.query<Row>(...asked);
          await look(id);
          return rows;
        },
      });
      await planned('looked-at', 'REHEARSAL');
      const stop = new AbortController();
      stop.abort();
      const database = lookAfterEach('looked-at');
      await rehearsed('looked-at', onlyCompany, { signal: stop.signal, database });
      await look('looked-at');
      assert.deepEqual([...new Set(stands)], ['RUNNING true null', 'PAUSED false stopped']);
      stands.length = 0;
      await rehearsed('looked-at', onlyCompany, { database });
      await look('looked-at');
      assert.deepEqual([...new Set(stands)].slice(-2), ['RUNNING true null', 'DONE false all']);
    });

    it('is refused without the safe mode, and for a run whose bills are for members', async () => {
      await planned('refused', 'REHEARSAL');
      await planned('real', 'PLANNED');
      await assert.rejects(rehearsed('refused', {}), { code: 'USAGE', message: /needs DELIVER_ONLY_TO/ });
      await assert.rejects(rehearsed('real', onlyCompany), { code: 'USAGE', message: /is no rehearsal/ });
      await assert.rejects(rehearsed('none', onlyCompany), { code: 'RUN_NOT_FOUND' });
    });

    it('pauses if the provider takes nothing, and sends the same messages later', async () => {
      await planned('away', 'REHEARSAL');
      const nobody = { HTTP_EMAIL_URL: 'http://127.0.0.1:1', REDIRECT_ALL_TO: 'qa@company.kr' };
      const { ended, why, sent, notSent } = await rehearsed('away', nobody);
      assert.deepEqual([ended, sent], ['stopped', 0]);
      assert.ok(notSent >= 10);
      assert.match(why ?? '', /^the provider took none of the last messages: .*ECONNREFUSED/);
      assert.equal((await findRunRow(db.database, 'away'))?.hold?.code, 'PROVIDER');
      assert.ok((await rehearsed('away', { REDIRECT_ALL_TO: 'qa@company.kr' })).sent >= notSent);
    });
  });

  describe('seed addresses', () => {
    const seeds = { SEED_EMAIL: 'a@naver.com,b@gmail.com', SEED_PHONE: '01099998888' };

    it('get some bills ahead of a run, once, and again when a person asks for it', async () => {
      const run = await planned('seeded', 'PLANNED');
      const before = await rowsOfBills();
      await withSeeds(seeds, async (deps) => {
        const ahead = await sendSeedsAhead(deps, run, 'keeper');
        assert.ok(ahead.kind === 'sent' && ahead.facts.sent >= 3);
        assert.equal(ahead.facts.addresses, 3);
        assert.deepEqual(await sendSeedsAhead(deps, run, 'keeper'), { kind: 'nothingToDo' });
        const again = await sendSeedsNow(deps, run, 'ann');
        assert.equal(again.sent, ahead.facts.sent);
      });
      const suffixes = new Set(acceptedKeys().flatMap((key) => /:0:(seed:seeded:.*)/.exec(key)?.[1] ?? []));
      assert.deepEqual(
        [...suffixes].sort(),
        ['0-0', '0-1', '1-0', '1-1'].map((end) => `seed:seeded:${end}`),
      );
      assert.deepEqual(await rowsOfBills(), before);
      const events = await readRunEvents(db.database, run.number, 10);
      assert.equal(events.filter(({ what }) => what === 'seedsSent').length, 2);
    });

    it('say so if none of them could be reached, once', async () => {
      const run = await planned('unreached', 'PLANNED');
      await withSeeds(
        { ...seeds, HTTP_EMAIL_URL: 'http://127.0.0.1:1', HTTP_SMS_URL: 'http://127.0.0.1:1' },
        async (deps) => {
          const end = await sendSeedsAhead(deps, run, 'keeper');
          assert.ok(end.kind === 'failed');
          assert.match(end.why, /^no message to a seed address was accepted: /);
          assert.equal((await sendSeedsAhead(deps, run, 'keeper')).kind, 'nothingToDo');
        },
      );
    });

    it('are left alone if there are none, or the plan wants none', async () => {
      const run = await planned('unseeded', 'PLANNED');
      const without = { ...run, plan: { ...run.plan, seeds: false } };
      await withSeeds(seeds, async (deps) => {
        assert.equal((await sendSeedsAhead(deps, without, 'keeper')).kind, 'nothingToDo');
        const noSeeds = { ...deps, config: configOf({}) };
        assert.equal((await sendSeedsAhead(noSeeds, run, 'keeper')).kind, 'nothingToDo');
        await assert.rejects(sendSeedsNow(noSeeds, run, 'ann'), { code: 'USAGE', message: /set SEED_EMAIL/ });
      });
    });
  });
});
