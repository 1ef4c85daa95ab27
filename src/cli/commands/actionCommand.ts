import { type Command, InvalidArgumentError } from 'commander';
import { actionOf } from '../../api/actionOf.ts';
import type { Action } from '../../api/contract/actionsContract.ts';
import {
  type ActionKey,
  findBillAction,
  listBillActions,
  newestAction,
  stopBillAction,
} from '../../db/billActions.ts';
import type { Database } from '../../db/database.ts';
import { BillcastError } from '../../errors.ts';
import { timeIn } from '../../lib/timeText.ts';
import { nextActionPlace, readActionPlace } from '../../operations/actions/actionPlace.ts';
import { refusedBeforeStart } from '../../operations/actions/refusedBeforeStart.ts';
import { parseCount, parseUuid } from '../arguments.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { withReadOnlySystem, withSystem } from '../openSystem.ts';
import { formatCount, printFacts, printNote } from '../output.ts';
import { personAtTerminal } from '../personAtTerminal.ts';
import { recordAccess } from '../recordAccess.ts';
import { tableText } from '../tableText.ts';

interface ListOptions {
  readonly limit: number;
  readonly next?: ActionKey;
  readonly json?: boolean;
}

export function defineAction(action: Command): void {
  action.description(
    'Shows what people do to many bills by page or API, and stops it. They begin there; retry, resend, resolve, cancel and ' +
      'bounce do the same from here.',
  );
  defineList(action.command('list'));
  defineShow(action.command('show'));
  defineStop(action.command('stop'));
}

function defineList(command: Command): void {
  addUsage(command, { examples: [['action list --limit 5', 'the newest five']] });
  command
    .description('list actions, the newest first')
    .option('--limit <count>', 'at most this many', parseCount, 50)
    .option('--next <place>', 'the page behind this place, as the page before says', parsePlace)
    .addOption(jsonOption())
    .action(({ limit, next: before = newestAction, json }: ListOptions) =>
      withReadOnlySystem(async ({ database, config: { timeZone } }) => {
        const actions = await listBillActions(database, { before, limit });
        const next = nextActionPlace(actions, limit);
        const items = actions.map((action) => actionOf(action));
        if (json) printFacts({ items, next }, { json });
        else process.stdout.write(actionLines(items, timeZone));
        if (!json && next !== null) printNote(`there are more: --next ${next}`);
      }),
    );
}

/** Pure: a line per action. */
export function actionLines(items: readonly Action[], timeZone: string): string {
  if (items.length === 0) return 'there is no action\n';
  const time = timeIn(timeZone);
  const rows = items.map(({ actionId, kind, state, moved, count, startedBy, requestedBy, ...rest }) => [
    ...[actionId, kind, state, `${formatCount(moved)} of ${formatCount(count)}`, startedBy ?? requestedBy],
    ...[time(new Date(rest.startedAt ?? rest.requestedAt)), rest.reason ?? ''],
  ]);
  return tableText([['action', 'kind', 'state', 'moved', 'who', `when (${timeZone})`, 'why'], ...rows]);
}

function defineShow(command: Command): void {
  addUsage(command, {
    examples: [['action show 0b9b0bd4-2f5c-4c1c-a6f5-8d4a1f8e7a10', 'what it saw, moved and left alone']],
  });
  command
    .description('show one action and its progress')
    .argument('<id>', 'as `action list` shows it', parseUuid)
    .addOption(jsonOption())
    .action((id: string, options: { json?: boolean }) =>
      withReadOnlySystem(async ({ database, config: { timeZone } }) =>
        printAction(await demand(database, id), { ...options, timeZone }),
      ),
    );
}

function defineStop(command: Command): void {
  addUsage(command, {
    examples: [['action stop 0b9b0bd4-2f5c-4c1c-a6f5-8d4a1f8e7a10', 'what is moved stays moved']],
  });
  command
    .description('stop an action; what is moved stays moved')
    .argument('<id>', 'as `action list` shows it', parseUuid)
    .addOption(jsonOption())
    .action((id: string, options: { json?: boolean }) =>
      withSystem(async ({ database, config: { timeZone } }) => {
        await demand(database, id);
        await recordAccess(database, { what: 'stopAction', reason: id }, async () => {
          if (await stopBillAction(database, id, personAtTerminal())) return;
          const { state } = await demand(database, id);
          throw new BillcastError('USAGE', `action ${id} cannot be stopped any more: it is ${state}`);
        });
        printAction(await demand(database, id), { ...options, timeZone });
      }),
    );
}

/** @throws BillcastError USAGE if there is none */
async function demand(database: Database, id: string): Promise<Action> {
  const found = await findBillAction(database, id);
  if (found === undefined) {
    throw new BillcastError('USAGE', `there is no action ${id}: see billcast action list`);
  }
  return actionOf(found, await refusedBeforeStart({ database }, found));
}

function printAction(
  action: Action,
  { json, timeZone }: { readonly json?: boolean | undefined; readonly timeZone: string },
): void {
  printFacts(json ? action : actionFacts(action, timeZone), { json });
}

/** Pure: the facts of an action, one per line. What is not known yet is left out. */
export function actionFacts(action: Action, timeZone: string): Record<string, string | number> {
  const { actionId, kind, state, selected, count, notEligible, moved, skipped } = action;
  const { requestedBy, requestedAt, startedBy, startedAt, reason, ratePerSecond, refusedBefore } = action;
  const time = timeIn(timeZone);
  const at = (text: string | null): string | null => (text === null ? null : time(new Date(text)));
  const facts = [
    ...Object.entries({
      action: actionId,
      kind,
      state,
      selected,
      'can be moved': count,
      'refused before': isUncounted(action)
        ? 'not counted: billcast retry --dry-run counts it'
        : refusedBefore,
    }),
    ...notEligible.map((other) => [`left alone, ${other.reason}`, other.count] as const),
    ...Object.entries({
      moved,
      'left alone, changed since': skipped,
      'asked for by': requestedBy,
      'asked for at': at(requestedAt),
      'started by': startedBy,
      'started at': at(startedAt),
      why: reason,
      'bills per second': ratePerSecond,
      'stopped by': action.stoppedBy,
      'ended at': at(action.finishedAt),
      problem: action.problem,
    }),
  ];
  return Object.fromEntries(facts.filter((fact): fact is [string, string | number] => fact[1] !== null));
}

/** Whether a retry waits for its start and has too many bills to be counted each time. */
function isUncounted({ kind, state, refusedBefore }: Action): boolean {
  return kind === 'retry' && state === 'READY' && refusedBefore === null;
}

function parsePlace(text: string): ActionKey {
  const place = readActionPlace(text);
  if (place === undefined) throw new InvalidArgumentError('must be the place that the page before says.');
  return place;
}
