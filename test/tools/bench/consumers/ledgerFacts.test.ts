import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Ledger } from '../../../../src/providers/simulated/ledger.ts';
import { countAccepted, rateOf, readAccepted } from '../../../../tools/bench/consumers/ledgerFacts.ts';
import { useTemporaryFolder } from '../../../support/temporaryFolder.ts';

const folder = useTemporaryFolder();

describe('ledger facts', () => {
  it('reads what a ledger holds, and not the line that a kill has torn', async () => {
    const file = join(folder, 'ledger.jsonl');
    assert.deepEqual(await readAccepted(file), []);
    assert.equal(await countAccepted(file), 0);
    const ledger = new Ledger(file);
    for (const billId of ['1', '2', '1']) {
      await ledger.append({ key: `${billId}:EMAIL:1`, billId, channel: 'EMAIL', cycle: 1 });
    }
    ledger.close();
    await appendFile(file, '{"key":"3:EMAIL:1","billId":3');
    assert.deepEqual(
      (await readAccepted(file)).map(({ billId }) => billId),
      ['1', '2', '1'],
    );
    assert.equal(await countAccepted(file), 3);
  });

  it('counts the first send too: two rounds of 100 at once are 100 a second, and none is 0', () => {
    const round = (atMs: number) => Array.from({ length: 100 }, () => ({ billId: '1', atMs }));
    assert.equal(rateOf([...round(5_000), ...round(6_000)], 1_000), 100);
    assert.equal(rateOf([], 1_000), 0);
  });
});
