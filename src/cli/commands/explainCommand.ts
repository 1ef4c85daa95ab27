import type { Command } from 'commander';
import type { BillId } from '../../bill.ts';
import type { Config } from '../../config/loadConfig.ts';
import { readControl } from '../../db/control.ts';
import { type BillHistory, readHistory } from '../../db/reads/billHistory.ts';
import { readBrakeStates } from '../../db/reads/brakeStates.ts';
import { explain, headlineOf } from '../../operations/explain/explain.ts';
import type { Explanation, Surroundings } from '../../operations/explain/explanation.ts';
import { timeIn } from '../../operations/explain/wording.ts';
import { parseBillId } from '../arguments.ts';
import { printFacts, type System, withReadOnlySystem } from '../system.ts';

export function addExplain(program: Command): void {
  program
    .command('explain')
    .description('the history of one bill, why it is where it is, and what happens next; exit 1 if unknown')
    .argument('<billId>', 'the bill', parseBillId)
    .option('--json', 'print the facts as one line of JSON')
    .action((billId: BillId, options: { json?: boolean }) =>
      withReadOnlySystem((system) => printExplanation(system, billId, options)),
    );
}

async function printExplanation(
  { database, config }: System,
  billId: BillId,
  options: { json?: boolean },
): Promise<void> {
  const control = await readControl(database);
  const brakes = await readBrakeStates(database);
  const history = await readHistory(database, billId);
  const explanation = explain(history, { ...surroundingsOf(config), control, brakes });
  if (options.json) printFacts(factsOf(history, explanation, { control, brakes }), options);
  else process.stdout.write(explanationText(history, explanation, config.timeZone));
  if (history.bill === null) process.exitCode = 1;
}

function surroundingsOf(config: Config): Omit<Surroundings, 'control' | 'brakes'> {
  return {
    timeZone: config.timeZone,
    claimTtlMs: config.claimTtlMs,
    batchMaxAgeMs: config.sweep.batchMaxAgeMs,
    orphanAfterMs: config.sweep.orphanAfterMs,
    earlyEventMaxMs: config.sweep.earlyEventMaxMs,
    maxCycles: config.retransmit.maxCycles,
  };
}

function factsOf(
  { billId, bill, journal, poison, early, now }: BillHistory,
  { standing, next }: Explanation,
  switches: Pick<Surroundings, 'control' | 'brakes'>,
): object {
  return {
    billId,
    known: bill !== null,
    now,
    ...bill,
    standing,
    next,
    journal,
    poison,
    early,
    ...switches,
  };
}

/** The explanation for people, sentences first. */
export function explanationText(history: BillHistory, explanation: Explanation, timeZone: string): string {
  const time = timeIn(timeZone);
  const lines = [
    `${headlineOf(history)} (times in ${timeZone})`,
    '',
    ...explanation.standing,
    `Next: ${explanation.next.text}`,
  ];
  if (explanation.history.length > 0) {
    lines.push('', 'History:');
    for (const { at, text } of explanation.history) lines.push(`  ${time(at)}  ${text}`);
  }
  return `${lines.join('\n')}\n`;
}
