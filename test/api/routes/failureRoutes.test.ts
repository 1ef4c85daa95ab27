import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { billIdOf, emptyTables, insertNotification } from '../../support/notifications.ts';
import { bearer, createTestApi, everyToken } from '../../support/testApi.ts';
import { insertBill } from '../../support/testBills.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();
beforeEach(() => emptyTables(test.database));

async function get(url: string, settings: Record<string, string> = {}) {
  const environment = { API_TOKENS: everyToken, ...settings };
  const app = await createTestApi({ database: test.database, environment });
  return (await app.inject({ url: `/api/v1${url}`, headers: bearer('viewer') })).json();
}

describe('GET /api/v1/failures', () => {
  it('groups by reason, the largest first, with first and last seen', async () => {
    const fail = (id: number, reason: string, changedMsAgo: number) =>
      insertNotification(test.database, {
        billId: billIdOf(id),
        sendStatus: 'FAILED',
        reason,
        changedMsAgo,
        ...(id === 1 && { retransmitInMs: 60_000 }),
      });
    await fail(1, 'EMAIL_REFUSED', 3_600_000);
    await fail(2, 'EMAIL_REFUSED', 60_000);
    await fail(3, 'NO_CONTACT', 60_000);
    await insertBill(test.database, { billId: billIdOf(3), month: '2026-11-01' });
    const { total, groups } = await get('/failures');
    assert.equal(total, 3);
    const [first, second] = groups;
    assert.deepEqual(
      [first.reason, first.count, first.retransmissions, first.sample],
      ['EMAIL_REFUSED', 2, 1, ['2', '1']],
    );
    assert.match(first.meaning, /refused the e-mail/);
    const apartMs = Date.parse(first.lastAt) - Date.parse(first.firstAt);
    assert.ok(Math.abs(apartMs - 3_540_000) < 5_000);
    assert.equal(second.reason, 'NO_CONTACT');
    assert.deepEqual((await get('/failures?month=2026-11')).total, 1);
  });
});

describe('GET /api/v1/doubts', () => {
  it('lists what is in doubt longest first, page by page, with the key to ask about', async () => {
    for (const id of [1, 2, 3]) {
      await insertNotification(test.database, {
        billId: billIdOf(id),
        sendStatus: 'IN_DOUBT',
        inDoubtMsAgo: 60_000 - id * 1_000,
      });
    }
    const first = await get('/doubts?limit=2');
    assert.deepEqual(
      [first.total, first.items.map(({ key }: { key: string }) => key)],
      [3, ['1:EMAIL:1', '2:EMAIL:1']],
    );
    const second = await get(`/doubts?limit=2&after=${first.next}`);
    assert.deepEqual([second.items[0].billId, second.next], ['3', null]);
    assert.equal((await get('/doubts?after=nonsense')).code, 'REQUEST_INVALID');
  });

  it('says when a provider is asked next, and nothing if only a person can ask it', async () => {
    await insertNotification(test.database, { billId: billIdOf(1), sendStatus: 'IN_DOUBT' });
    const withLookup = await get('/doubts');
    assert.equal(withLookup.items[0].nextLookupAt, withLookup.asOf);
    const smtp = { PROVIDER_EMAIL: 'smtp', SMTP_URL: 'smtp://127.0.0.1', SMTP_FROM: 'bills@example.com' };
    assert.equal((await get('/doubts', smtp)).items[0].nextLookupAt, null);
  });
});
