import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ask, askValue } from '../../support/ask.ts';
import { consoleProduce } from '../../support/consoleProducer.ts';
import { createTestSystem, isFinished, type TestSystem } from '../../support/testSystem.ts';

const bills = 300;
const passphrase = 'the batch service’s own';

/**
 * The tables as the batch of the Java service fills them: pgcrypto for e-mail and phone, all else in clear.
 */
async function fill({ database }: TestSystem): Promise<void> {
  await ask(database, 'create extension pgcrypto');
  await ask(
    database,
    `insert into member (id, name, email, phone, address, grade)
     select n, '홍길동', encode(pgp_sym_encrypt(repeat('long.', 12) || n || '@example.com', $2), 'base64'),
       encode(pgp_sym_encrypt('010-1234-' || lpad(n::text, 4, '0'), $2), 'base64'), '서울특별시 강남구', 'VIP'
     from generate_series(1, $1) n`,
    [bills, passphrase],
  );
  await ask(
    database,
    `insert into bill (id, member_id, billing_month, total_amount, vat, unpaid_amount, total_discount_amount,
       total_billed_amount, monthly_fee, additional_fee, due_date, issued_at, payment_owner_name, payment_name,
       payment_number)
     select n, n, '2026-11-01', 55000, 5500, 0, 0, 60500, 55000, 0, '2026-12-25', now(), '홍길동', '신한카드',
       '1234-5678-9012-3456' from generate_series(1, $1) n`,
    [bills],
  );
  await ask(
    database,
    `insert into bill_item (id, bill_id, category, name, amount)
     select n, n, 'SUBSCRIPTION', '5G 프리미어', 55000 from generate_series(1, $1) n`,
    [bills],
  );
  await ask(
    database,
    'insert into bill_notification (bill_id, member_id) select n, n from generate_series(1, $1) n',
    [bills],
  );
}

describe("the month of a Java service's database", () => {
  let system: TestSystem;
  before(async () => {
    system = await createTestSystem({
      CIPHER: 'none',
      CIPHER_FIELDS: 'email:pgp,phone:pgp',
      PGP_PASSPHRASE: passphrase,
      // With this seed some e-mails are refused, and no SMS.
      SIMULATED_REFUSAL_RATE: '0.05',
      SIMULATED_SEED: '3',
    });
  });
  after(() => system.destroy());

  it("goes out by settings alone, woken by a Java producer's events in lz4", async () => {
    await fill(system);
    const broken = await askValue(system.database, `select count(*)::int from member where email ~ '\\n'`);
    assert.equal(broken, bills, "pgcrypto's Base64 has line breaks");
    const dispatcher = await system.startDispatcher();
    await consoleProduce(
      { topic: system.config.kafka.topics.EMAIL, compression: 'lz4' },
      Array.from({ length: bills }, (_, index) => ({
        key: String(index + 1),
        value: `{"memberId":${index + 1},"billId":${index + 1}}`,
      })),
    );
    await system.until('all bills are finished', isFinished);
    await system.until('the lag is 0', async () => (await system.lag()) === 0);
    const states = await system.states();
    assert.deepEqual([states.delivered, states.deadLetters], [bills, 0]);
    assert.ok(states.sms > 0, 'phone numbers were opened too');
    const { lost, duplicated, inDoubt, waiting, inProgress } = await system.verdict();
    assert.deepEqual({ lost, duplicated, inDoubt }, { lost: 0, duplicated: 0, inDoubt: 0 });
    assert.deepEqual({ waiting, inProgress }, { waiting: 0, inProgress: 0 });
    const held = await askValue(
      system.database,
      `select count(*)::int from bill_notification where publish_status = 'HELD' and send_status = 'PENDING'`,
    );
    assert.equal(held, 0);
    assert.equal(await dispatcher.stop(), 0);
  });
});
