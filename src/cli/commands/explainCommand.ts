import type { Command } from 'commander';
import type { BillId } from '../../bill.ts';
import type { BillHistory } from '../../db/reads/billHistory.ts';
import { timeIn } from '../../lib/timeText.ts';
import { headlineOf } from '../../operations/explain/explain.ts';
import { type ExplainFacts, explainBill } from '../../operations/explain/explainBill.ts';
import type { Explanation } from '../../operations/explain/explanation.ts';
import { parseBillId } from '../arguments.ts';
import { numberOf } from '../billKeys.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { type System, withReadOnlySystem } from '../openSystem.ts';
import { printFacts } from '../output.ts';

export function defineExplain(command: Command): void {
  addUsage(command, {
    examples: [
      ['explain 42', 'what happened to bill 42, and what happens next'],
      ['explain 42 --json', 'the same for a script'],
    ],
    exitsWith1: 'the bill is unknown',
  });
  command
    .description('Shows the history of one bill, why it is in its state, and what happens next.')
    .argument('<billId>', "the bill's id", parseBillId)
    .addOption(jsonOption())
    .action((billId: BillId, options: { json?: boolean }) =>
      withReadOnlySystem(async (system) => printExplanation(system, await numberOf(system, billId), options)),
    );
}

async function printExplanation(
  { database, config }: System,
  billId: BillId,
  options: { json?: boolean },
): Promise<void> {
  const facts = await explainBill({ database, config }, { billId });
  if (options.json) printFacts(jsonOf(facts), options);
  else process.stdout.write(explanationText(facts.history, facts.explanation, config.timeZone));
  if (facts.history.bill === null) process.exitCode = 1;
}

function jsonOf({ history, explanation: { standing, next }, control, brakes }: ExplainFacts): object {
  const { billId, bill, journal, poison, early, now } = history;
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
    control,
    brakes,
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
