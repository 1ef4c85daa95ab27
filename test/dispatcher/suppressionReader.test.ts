import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SuppressionBook } from '../../src/consumer/pipeline/suppressionBook.ts';
import { createSuppressionReader } from '../../src/dispatcher/suppressionReader.ts';
import { ask } from '../support/ask.ts';
import { silentLog } from '../support/capturedLog.ts';
import { memberIdOf } from '../support/notifications.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();

it('reads the whole list before anything is claimed, but for what was lifted', async () => {
  await ask(
    db.database,
    `insert into suppression (channel, address_hash, member_id, bill_id, reason, added_by, added_at, lifted_at)
     select 'EMAIL', 'k:' || i, i, i, 'manual', 'test', now() - interval '2 years', case when i = 7 then now() end
     from generate_series(1, 45000) i union all
     select 'PIGEON', 'k:p', 1, 1, 'manual', 'test', now(), null`,
  );
  const book = new SuppressionBook();
  const reader = createSuppressionReader({ database: db.database, book, log: silentLog });
  await reader.start();
  await reader.stop();
  assert.ok([1, 20_000, 20_001, 45_000].every((id) => book.has('EMAIL', memberIdOf(id))));
  assert.equal(book.has('EMAIL', memberIdOf(7)), false);
  assert.equal(book.isEmpty('SMS'), true);
});
