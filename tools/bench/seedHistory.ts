import type { Connection } from '../../src/db/database.ts';
import { addDeliveredBills } from './benchRows.ts';
import type { BenchOptions } from './options.ts';
import { say } from './system/benchServers.ts';
import { throwIfInterrupted } from './system/interruption.ts';

const rowsPerStatement = 500_000;

/** Above every id of the bills that are sent. */
const firstId = 1_000_000_000_000;

/** Adds delivered bills of earlier months and other members, as a system gathers them over the years. */
export async function addHistory(
  connection: Connection,
  { history }: Pick<BenchOptions, 'history'>,
): Promise<void> {
  for (let done = 0; done < history; done += rowsPerStatement) {
    throwIfInterrupted();
    const next = Math.min(done + rowsPerStatement, history);
    await addDeliveredBills(connection, firstId + done, firstId + next - 1);
    say(`${next.toLocaleString('en')} bills of other months are added.`);
  }
}
