import { Ledger } from '../../../src/providers/simulated/ledger.ts';

/** Appends acceptances to a ledger in a separate process, many at a time. */
const [file = '', firstBill = '0', count = '0'] = process.argv.slice(2);
const ledger = new Ledger(file);
for (let round = 0; round < 20; round++) {
  const ids = Array.from({ length: Number(count) / 20 }, (_, index) =>
    String(Number(firstBill) + (round * Number(count)) / 20 + index),
  );
  await Promise.all(
    ids.map((billId) => ledger.append({ key: `${billId}:EMAIL:1`, billId, channel: 'EMAIL', cycle: 1 })),
  );
}
ledger.close();
