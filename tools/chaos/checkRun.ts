import { readLedgerKeys } from '../../src/providers/simulated/ledger.ts';
import { selectBounces, selectFinalRows, selectPublications } from './chaosRows.ts';
import { type BillVerdict, checkBills } from './checker.ts';
import { findLostPoison } from './poisonChecker.ts';
import type { Testbed } from './testbed.ts';
import { findLostLetters, findLostRecords, findUnexplained } from './topicChecker.ts';

/** What the topics hold, against what must be in them. */
interface RecordVerdict {
  /** Poison records without their dead letter. */
  readonly poisonLost: number;
  /** Bills that FAILED, in any cycle, without their dead letter. */
  readonly lettersLost: number;
  /** Bills with fewer records than their rows say were published. */
  readonly recordsLost: number;
  /** Records that no bill and no fault explains. */
  readonly unexplained: number;
}

export interface RunVerdict extends BillVerdict, RecordVerdict {}

/** Checks rows, ledger and topics against each other, once everything is at rest. */
export async function checkRun(testbed: Testbed): Promise<RunVerdict> {
  const { database, config, provider, finalDoubts, poisoned } = testbed;
  const { topics } = config.kafka;
  const rows = await selectFinalRows(database);
  const keys = await Array.fromAsync(readLedgerKeys(provider.ledgerFile));
  const verdict = checkBills(rows, keys, { finalDoubts, bounced: await selectBounces(database) });
  const records = await testbed.records();
  const lostPoison = findLostPoison(poisoned, records, topics.deadLetter);
  const lostLetters = findLostLetters(rows, records, topics);
  const lostRecords = findLostRecords(await selectPublications(database), records, topics);
  const unexplained = findUnexplained({ rows, poisoned, records, topics });
  return {
    ...verdict,
    violations: [...verdict.violations, ...lostPoison, ...lostLetters, ...lostRecords, ...unexplained],
    poisonLost: lostPoison.length,
    lettersLost: lostLetters.length,
    recordsLost: lostRecords.length,
    unexplained: unexplained.length,
  };
}
