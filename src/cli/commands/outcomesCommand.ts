import { once } from 'node:events';
import type { Command } from 'commander';
import { readOutcomeProgress } from '../../db/outcomes/outcomeSwitch.ts';
import { BillcastError } from '../../errors.ts';
import { type FeedAnswer, readFeed } from '../../operations/outcomes/readFeed.ts';
import { progressFacts, switchOutcomes } from '../../operations/outcomes/switchOutcomes.ts';
import type { OutcomeDocument } from '../../relay/outcomes/outcomeRecord.ts';
import { parseCount, parseWhole } from '../arguments.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { type System, withReadOnlySystem, withSystem } from '../openSystem.ts';
import { printFacts, printNote } from '../output.ts';
import { personAtTerminal } from '../personAtTerminal.ts';
import { recordAccess } from '../recordAccess.ts';

interface ReadOptions {
  readonly after: number;
  readonly limit?: number;
  readonly follow?: boolean;
  readonly json?: boolean;
}

interface SwitchOptions {
  readonly reason: string;
  readonly json?: boolean;
}

export function defineOutcomes(command: Command): void {
  addUsage(command, {
    examples: [
      ['outcomes on --reason "for the billing system"', 'from now on every outcome goes out'],
      ['outcomes --after 0 --limit 20', 'the first twenty that are kept'],
      ['outcomes --after 120000 --follow --json >> outcomes.jsonl', 'a line per outcome, until Ctrl-C'],
    ],
    exitsWith1: 'some of what follows --after is not kept any more',
  });
  command
    .description(
      'Prints what became of bills, in the order of their numbers. The same goes to the topic TOPIC_RESULT and to webhooks. ' +
        'No personal data is in it.',
    )
    .option('--after <number>', 'the last number that you have; 0 to begin', parseWhole, 0)
    .option('--limit <count>', 'at most this many', parseCount)
    .option('--follow', 'wait for more, until Ctrl-C')
    .addOption(jsonOption('print each outcome as one line of JSON'))
    .action((options: ReadOptions) => withReadOnlySystem((system) => printOutcomes(system, options)));
  // Without this, the --json of `outcomes status --json` would belong to `outcomes`.
  command.enablePositionalOptions();
  defineSwitch(command.command('on'), true);
  defineSwitch(command.command('off'), false);
  defineProgress(command.command('status'));
}

const pageSize = 1_000;
const waitMs = 5_000;

async function printOutcomes({ database }: System, options: ReadOptions): Promise<void> {
  const { follow = false, limit = Number.POSITIVE_INFINITY, json } = options;
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  let { after } = options;
  for (let left = limit; left > 0 && !stopped.signal.aborted; ) {
    const request = { after, limit: Math.min(pageSize, left), waitMs: follow ? waitMs : 0 };
    const { items, next } = pageOf(await readFeed({ database }, request, stopped.signal));
    const text = items.map(json ? jsonLine : plainLine).join('');
    if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
    after = next;
    left -= items.length;
    if (!follow && items.length < pageSize) return;
  }
}

/** @throws BillcastError USAGE if some of what was asked for is deleted */
function pageOf(answer: FeedAnswer): Extract<FeedAnswer, { kind: 'page' }> {
  if (answer.kind === 'page') return answer;
  const before = answer.firstKept - 1;
  throw new BillcastError(
    'USAGE',
    `outcomes up to ${before} are not kept any more: begin with --after ${before}`,
  );
}

function jsonLine(outcome: OutcomeDocument): string {
  return `${JSON.stringify(outcome)}\n`;
}

function plainLine(outcome: OutcomeDocument): string {
  const { number, at, billId, channel, cycle, reason, applied, state, provider } = outcome;
  const became = applied ? `-> ${state}` : '(changed nothing)';
  const facts = [reason, provider === null ? null : `by ${provider}`].filter((fact) => fact !== null);
  return `${number}  ${at}  bill ${billId}  ${channel} cycle ${cycle}  ${outcome.outcome} ${became}  ${facts.join(' ')}\n`;
}

function defineSwitch(command: Command, on: boolean): void {
  addUsage(command, {
    examples: [
      on
        ? ['outcomes on --reason "webhooks for the shop"', 'in the whole cluster, at once']
        : ['outcomes off --reason "nobody reads them"', 'what is owed already still goes out'],
    ],
  });
  command
    .description(
      on
        ? 'let outcomes go out, from now on, in the whole cluster'
        : 'let no more outcomes go out, in the whole cluster',
    )
    .requiredOption('--reason <text>', 'why; kept with the access record')
    .addOption(jsonOption())
    .action((options: SwitchOptions) =>
      withSystem(async ({ database }) => {
        const { reason } = options;
        const access = { what: 'switchOutcomes', reason: `${on ? 'on' : 'off'}: ${reason}` };
        const facts = await recordAccess(database, access, () =>
          switchOutcomes({ database }, { on, actor: personAtTerminal() }),
        );
        printFacts({ ...progressFacts(facts), changed: facts.changed }, options);
        if (on && facts.changed) printNote('What happened before is not in it.');
      }),
    );
}

function defineProgress(command: Command): void {
  addUsage(command, { examples: [['outcomes status', 'whether they are on, and how far they have come']] });
  command
    .description('show whether outcomes go out, and how far they have come')
    .addOption(jsonOption())
    .action((options: { json?: boolean }) =>
      withReadOnlySystem(async ({ database }) =>
        printFacts(progressFacts(await readOutcomeProgress(database)), options),
      ),
    );
}
