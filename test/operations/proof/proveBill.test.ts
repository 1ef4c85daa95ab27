import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import type { ClaimToken } from '../../../src/bill.ts';
import type { Channel } from '../../../src/channels.ts';
import { type Config, loadConfig } from '../../../src/config/loadConfig.ts';
import { rememberEditions } from '../../../src/db/contentEditions.ts';
import { takeLease } from '../../../src/db/lease.ts';
import { addManifestUnderLease } from '../../../src/db/runs/runManifests.ts';
import { rememberTemplateVersions } from '../../../src/db/templateVersions.ts';
import { loadBillText } from '../../../src/operations/preview.ts';
import { checkProof } from '../../../src/operations/proof/checkProof.ts';
import { compileKept } from '../../../src/operations/proof/compileKept.ts';
import { makeManifest } from '../../../src/operations/proof/makeManifest.ts';
import { createManifestKeeper } from '../../../src/operations/proof/manifestKeeper.ts';
import { type ProofRequest, proveBill } from '../../../src/operations/proof/proveBill.ts';
import { createBillModel } from '../../../src/render/bill/createBillModel.ts';
import { createRenderer } from '../../../src/render/bill/renderer.ts';
import { createFieldCiphers } from '../../../src/render/cipher/fieldCiphers.ts';
import { openContentKey } from '../../../src/render/proof/contentHasher.ts';
import { editionsOf } from '../../../src/render/proof/editionsOf.ts';
import type { TemplateSet } from '../../../src/render/template/templateFiles.ts';
import { languageVersions } from '../../../src/render/template/templateVersion.ts';
import { ask } from '../../support/ask.ts';
import { captureLog } from '../../support/capturedLog.ts';
import { billIdOf, insertNotification, newDispatcherId, newToken } from '../../support/notifications.ts';
import { ourTemplateSet, withFiles } from '../../support/ourTemplates.ts';
import { insertSealedBill, sealedBill } from '../../support/sealedBill.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const config = loadConfig({});
const { billId, memberId } = sealedBill;

/** Files of the template as they were before. */
const earlier = {
  'ko/email.subject.txt': '{{billingMonth}} {{memberName}}: {{totalBilled}}',
  'ko/sms.txt': '[{{billingMonth}}] {{memberName}} {{totalBilled}} – É',
};

interface Sending {
  readonly hashed?: boolean;
  readonly doubted?: boolean;
  readonly channel?: Channel;
}

describe('proveBill', () => {
  const test = useTestDatabase();
  beforeEach(async () => {
    await ask(test.database, 'truncate bill_notification, delivery_attempt, content_edition, run_manifest');
    await insertSealedBill(test.database);
  });

  /** Prints the bill and writes the journal, as a dispatcher does; a doubt was settled by another process. */
  async function send(
    set: TemplateSet = ourTemplateSet,
    { hashed = true, doubted = false, channel = 'EMAIL' }: Sending = {},
  ): Promise<ClaimToken> {
    const { database } = test;
    const [key] = config.cipher.keys;
    assert.ok(key !== undefined);
    const proof = { key: openContentKey(key), program: '0.1.0' };
    const { name } = set;
    await rememberTemplateVersions(
      database,
      languageVersions(set).map((version) => ({ ...version, name })),
    );
    await rememberEditions(database, editionsOf(proof, config.billModel, set));
    const model = await createBillModel(config.billModel);
    const templates = await compileKept(set, model.sampleViews());
    const ciphers = createFieldCiphers(config.cipher);
    const renderer = createRenderer({ ...config.billModel, templates, ciphers, proof });
    const rendered = renderer.render(channel, await loadBillText({ config, database }, billId));
    assert.ok(rendered.kind !== 'unpreparable' && rendered.contentHash !== undefined);
    const token = newToken();
    const hash = hashed ? Buffer.from(rendered.contentHash, 'latin1') : null;
    const entries = doubted
      ? ([
          ['UNKNOWN', hash],
          ['ACCEPTED', null],
        ] as const)
      : ([['ACCEPTED', hash]] as const);
    for (const [outcome, contentHash] of entries) {
      await ask(
        database,
        `insert into delivery_attempt (bill_id, claim_token, outcome, cycle, channel, applied, provider_id, actor,
           started_at, finished_at, content_hash)
         values ($1, $2, $3, 1, $5, true, 'p1', 'dispatcher test', now(), now(), $4)`,
        [billId, token, outcome, contentHash, channel],
      );
    }
    return token;
  }

  async function prove(request: Partial<ProofRequest> = {}, changed: Config = config) {
    const proof = await proveBill({ database: test.database, config: changed }, { billId, ...request });
    const [attempt] = proof.attempts;
    return { ...attempt, proved: proof.proved, text: JSON.stringify(proof), count: proof.attempts.length };
  }

  it('proves a message whose bill is as it was, and shows nothing of the bill', async () => {
    const attempt = await send();
    const { proved, text, printedWith, ...found } = await prove();
    assert.deepEqual(
      [proved, found.result, found.attempt, found.providerId],
      [true, 'proved', attempt, 'p1'],
    );
    assert.ok(
      printedWith?.isTemplateOfToday && printedWith.program === '0.1.0' && printedWith.language === 'ko',
    );
    assert.doesNotMatch(text, /홍|gildong/);
  });

  for (const channel of ['EMAIL', 'SMS'] as const) {
    it(`proves it (${channel}) after a change of the template, of the keys, and of what values are written with`, async () => {
      const phone = createFieldCiphers(config.cipher).seal('phone', memberId, '010-1234-5678');
      await ask(test.database, `update member set phone = $1 where id = ${memberId}`, [phone]);
      await send(withFiles(earlier), { channel });
      const later = {
        ...config,
        cipher: { ...config.cipher, keys: [newKey(), ...config.cipher.keys] },
        billModel: { ...config.billModel, timeZone: 'America/New_York', currency: 'USD', viewLinks },
      };
      const { result, printedWith } = await prove({}, later);
      assert.deepEqual([result, printedWith?.isTemplateOfToday], ['proved', false]);
    });
  }

  it('says that a value or the address was changed after the fact', async () => {
    await send();
    const { seal } = createFieldCiphers(config.cipher);
    const email = (address: string) => seal('email', memberId, address);
    const changes: readonly [differs: string, sql: string, ...values: unknown[]][] = [
      ['content', `update bill_item set name = '요금재' where bill_id = ${billId}`],
      ['content', `update bill set total_amount = 1010, total_billed_amount = 1010 where id = ${billId}`],
      // Masked it looks the same.
      ['address', `update member set email = $1 where id = ${memberId}`, email('gildonh@example.com')],
      ['address,content', `update member set email = $1 where id = ${memberId}`, email('kim@example.com')],
      ['content', `delete from bill_item where bill_id = ${billId}`],
      ['address', `update member set email = null where id = ${memberId}`],
    ];
    for (const [differs, sql, ...values] of changes) {
      await ask(test.database, sql, values);
      const found = await prove();
      assert.deepEqual(
        [found.proved, found.result, found.differs?.join()],
        [false, 'differs', differs],
        found.why,
      );
      await insertAgain();
    }
    // A value that is sealed anew says the same.
    await ask(test.database, `update member set name = $1 where id = ${memberId}`, [
      seal('name', memberId, '홍길동'),
    ]);
    assert.equal((await prove()).result, 'proved');
  });

  async function insertAgain(): Promise<void> {
    await ask(test.database, 'truncate bill_notification');
    await insertSealedBill(test.database);
  }

  it('says what is missing for a comparison', async () => {
    const unhashed = await send(ourTemplateSet, { hashed: false });
    assert.equal((await prove({ attempt: unhashed })).result, 'notRecorded');
    const attempt = await send();
    const withKeys = (keys: Config['cipher']['keys']) => ({ ...config, cipher: { ...config.cipher, keys } });
    const none = await prove({ attempt }, withKeys([newKey()]));
    assert.match(`${none.result} ${none.why}`, /cannotTell CIPHER_KEYS has no key dev any more/);
    const other = await prove({ attempt }, withKeys([{ ...newKey(), keyId: 'dev' }]));
    assert.match(`${other.result} ${other.why}`, /cannotTell CIPHER_KEYS has another key under the id dev/);
    await ask(test.database, 'truncate content_edition');
    assert.match((await prove({ attempt })).why ?? '', /content_edition does not say/);
    await assert.rejects(prove({ cycle: 2 }), /has no such message: .*cycle 1, EMAIL/);
  });

  it('gives the place in the manifest of the run, which stands without the rows', async () => {
    const { database } = test;
    const attempt = await send(ourTemplateSet, { doubted: true });
    await ask(
      database,
      `insert into run (id, kind, state, plan, plan_hash, approved_hash, requested_by)
       values ('2026-11', 'PLANNED', 'RUNNING', '{}', 'h', 'h', 'kim') on conflict do nothing`,
    );
    await ask(database, `update bill_notification set run = (select number from run where id = '2026-11')`);
    assert.match((await prove({ withInclusion: true })).inclusionMissing ?? '', /no manifest yet/);
    const make = () => makeManifest({ database }, { runId: '2026-11', actor: 'person kim' });
    await assert.rejects(make(), /is RUNNING/);
    await ask(database, `update run set state = 'DONE', previous_state = 'RUNNING' where id = '2026-11'`);
    const { root, attempts, unhashed } = await make();
    assert.deepEqual([attempts, unhashed], [1, 0]);
    // Accepted later: it is in the next manifest.
    const later = await send(ourTemplateSet, { hashed: false });
    const { text } = await prove({ withInclusion: true });
    const facts = checkProof({ proof: JSON.parse(text), root });
    assert.deepEqual(
      facts.attempts.map((one) => [one.attempt, one.included]),
      [
        [attempt, true],
        [later, false],
      ],
    );
    await ask(database, `delete from delivery_attempt where claim_token = $1`, [attempt]);
    assert.match((await prove({ withInclusion: true })).inclusionMissing ?? '', /no longer those/);
    assert.ok(checkProof({ proof: JSON.parse(text), root }).included);
    await assert.rejects(makeManifest({ database }, { runId: 'other', actor: 'person kim' }), /no run other/);
  });

  it('has a manifest of each run that is done, made once, also by keepers that do not know of each other', async () => {
    const { database } = test;
    const token = await send();
    await ask(
      database,
      `insert into run (id, kind, state, plan, plan_hash, approved_hash, requested_by, done_at) values
         ('done', 'PLANNED', 'DONE', '{"selection":{"billIds":["${billId}"]}}', 'h', 'h', 'kim', now()),
         ('open', 'PLANNED', 'RUNNING', '{}', 'h', 'h', 'kim', null),
         ('flying', 'PUBLISHED', 'DONE', '{"selection":{"billIds":["43"]}}', 'h', 'h', 'kim', now()),
         ('old', 'PLANNED', 'CLOSED', '{}', 'h', 'h', 'kim', now() - interval '40 days')`,
    );
    await ask(
      database,
      `update bill_notification set run = r.number, send_status = 'DELIVERED', publish_status = 'PUBLISHED', claim_token = $1
       from run r where r.id = 'done'`,
      [token],
    );
    await insertNotification(database, { billId: billIdOf(43) });
    await ask(
      database,
      `update bill_notification n set run = r.number from run r where r.id = 'flying' and n.bill_id <> $1`,
      [billId],
    );
    const made = () =>
      ask(database, `select r.id, m.attempts::int from run_manifest m join run r on r.number = m.run`);
    for (const round of [1, 2]) {
      const looked = Promise.withResolvers<void>();
      let looks = 0;
      const keeper = createManifestKeeper({
        database: {
          ...database,
          query: (statement, values) => {
            if (statement.name === 'runs-without-manifest' && ++looks === 2) looked.resolve();
            return database.query(statement, values);
          },
        },
        log: captureLog().log,
        owner: newDispatcherId(),
        actor: `keeper ${round}`,
        everyMs: 1,
      });
      keeper.start();
      // It looks again after it has made what it found.
      await looked.promise;
      await keeper.stop();
      assert.deepEqual(await made(), [['done', 1]]);
    }
    const manifest = { madeAt: new Date(), madeBy: 'a', attempts: 0, unhashed: 0, root: randomBytes(32) };
    await takeLease(database, 'manifests', { owner: newDispatcherId(), ttlMs: 60_000 });
    const late = { lease: 'manifests', owner: newDispatcherId() };
    assert.equal(await addManifestUnderLease(database, late, { run: 1, manifest }), false);
    const { inclusion } =
      (await proveBill({ database, config }, { billId, withInclusion: true })).attempts[0] ?? {};
    assert.equal(inclusion?.run, 'done');
  });
});

const viewLinks = { url: 'https://bills.example.com', keys: ['a key of links'], days: 30 };

function newKey() {
  return { keyId: 'k2', key: randomBytes(32) };
}
