import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createFieldCiphers } from '../../../src/render/cipher/fieldCiphers.ts';
import { sampleMember } from '../../../src/sample/member.ts';
import { withOddity } from '../../../src/sample/oddities.ts';
import { createTestSystem, isFinished, type TestSystem } from '../../support/testSystem.ts';

const members = 300;

/** Everything in clear that the sample data hold of a person. */
function secretsOf(month: string): string[] {
  return Array.from({ length: members }, (_, index) => sampleMember(1, BigInt(index + 1), month))
    .flatMap((member) => [member, withOddity(member)])
    .flatMap(({ name, email, phone, address, payment }) =>
      [name, email, phone, address, payment.ownerName, payment.number].flatMap((value) => value || []),
    );
}

/** All that is written of bills outside of the encrypted columns, as text. */
const writtenRows = {
  name: 'written-rows',
  text: `
    select t::text from delivery_attempt t union all
    select t::text from bill_notification t union all
    select t::text from poison_record t union all
    select t::text from claim_batch t union all
    select t::text from dispatcher t`,
};

/** The name of one of the members, as the dispatcher opened it. */
async function openedName({ database, config }: TestSystem): Promise<string> {
  const [[sealed = ''] = []] = await database.query<[string]>(oneName);
  const opened = createFieldCiphers(config.cipher).open('name', '150', sealed);
  return opened.kind === 'opened' ? opened.text : '';
}

const oneName = { name: 'one-name', text: 'select name from member where id = 150' };
const lastMonth = { name: 'last-month', text: 'select max(billing_month)::text from bill' };

describe('a run with every log line on', () => {
  let system: TestSystem;
  before(async () => {
    system = await createTestSystem({
      LOG_LEVEL: 'trace',
      NODE_ENV: 'production',
      PROVIDER_EMAIL: 'simulated',
      PROVIDER_SMS: 'simulated',
      CIPHER_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
      SIMULATED_REFUSAL_RATE: '0.4',
      FALLBACK_STOP_RATE: '1',
      SMS_TURN_STOP_RATE: '1',
      RETRANSMIT_MAX_CYCLES: '1',
    });
  });
  after(() => system.destroy());

  it('writes nothing that names a person: not in logs, rows or dead letters', async () => {
    await system.publish(members);
    const dispatcher = await system.startDispatcher();
    await system.until('all bills are finished', isFinished);
    const states = await system.states();
    assert.ok(states.failed > 10 && states.sms > 10, 'every kind of end is among them');
    assert.equal(await dispatcher.stop(), 0);
    const rows = await system.database.query<[string]>(writtenRows);
    const letters = await system.deadLetters(states.failed);
    const written = [dispatcher.output(), ...rows.flat(), ...letters].join('\n');
    assert.ok(written.length > 10_000);
    const [[month = ''] = []] = await system.database.query<[string]>(lastMonth);
    const secrets = secretsOf(month);
    assert.ok(secrets.includes(await openedName(system)), 'these are the secrets that were seeded');
    const found = secrets.filter((secret) => written.includes(secret));
    assert.deepEqual(found, []);
  });
});
