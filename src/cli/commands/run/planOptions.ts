import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { BillId } from '../../../bill.ts';
import type { Channel } from '../../../channels.ts';
import type { Database } from '../../../db/database.ts';
import { BillcastError } from '../../../errors.ts';
import { type PlanRequest, parsePlanRequest } from '../../../runs/planRequest.ts';
import { parseBillIds, parseChannel, parseMonth, parseShare } from '../../arguments.ts';
import { readNamedBills } from '../../billFile.ts';
import { numbersOf } from '../../billKeys.ts';
import type { System } from '../../openSystem.ts';
import { parsePointInTime } from '../../pointInTime.ts';

/** The options by which a plan is written. */
export interface PlanOptions {
  readonly plan?: string;
  readonly month?: string;
  readonly bill?: readonly BillId[];
  readonly file?: string;
  readonly grade?: readonly string[];
  readonly firstChannel?: readonly Channel[];
  readonly canary?: string;
  readonly gate?: readonly string[];
  readonly release?: string;
  readonly window?: readonly string[];
  readonly perSecond?: string;
  readonly notBefore?: string;
  readonly deadline?: string;
  readonly expectNext?: number;
  readonly seeds?: boolean;
}

export function addPlanOptions(command: Command): Command {
  return command
    .option('--plan <file>', 'the plan as JSON, as the API takes it; other options replace parts of it')
    .option('--month <YYYY-MM>', 'the bills of this month', parseMonth)
    .option('--bill <id...>', 'these bills', parseBillIds)
    .option('--file <path>', 'the bills in this file, one per line or in the first CSV column; - for stdin')
    .option('--grade <name...>', 'bills of members of these grades; with --month, of the month')
    .option('--first-channel <name...>', 'bills that begin with these channels', collectChannels)
    .option('--canary <n>', 'release so many bills first, or a share such as 1%; none')
    .option(
      '--gate <name=share...>',
      'limits of the canary: refused, unknown, turned, policy, failed, bounced; wait=minutes',
    )
    .option('--release <how>', 'what lets the rest go after the canary: auto, if the gates pass, or person')
    .option(
      '--window <HH:MM-HH:MM...>',
      'release only in these times of day in TIME_ZONE, on mon-fri if days lead: mon-fri/09:00-18:00; none',
    )
    .option('--per-second <n>', 'bills per second; none')
    .option('--not-before <time>', 'nothing goes out earlier; none')
    .option('--deadline <time>', 'when all should have gone out; none')
    .option(
      '--expect-next <share>',
      'the share of bills that may turn to the next channel, 0 to 1',
      parseShare,
    )
    .option('--seeds', 'send the seed addresses bills ahead of the run (default: if there are any)')
    .option('--no-seeds', 'send them none');
}

function collectChannels(text: string, previous: readonly Channel[] = []): Channel[] {
  return [...previous, parseChannel(text)];
}

/** Without a database, the API makes the plan. */
interface PlanSystem extends Pick<System, 'config'> {
  readonly database: Database | undefined;
}

/**
 * The plan that the options describe, based on the existing one.
 * @throws BillcastError USAGE naming what is wrong
 */
export async function readPlan(
  system: PlanSystem,
  options: PlanOptions,
  before?: PlanRequest,
): Promise<PlanRequest> {
  const base: Record<string, unknown> =
    options.plan === undefined ? { ...before } : readPlanFile(options.plan);
  const selection = await selectionOf(system, options, before?.selection);
  const { timeZone } = system.config;
  const at = (flag: string, text: string | undefined) =>
    unlessNone(text, (given) => parsePointInTime(given, { flag, timeZone }).toISOString());
  const parts = {
    selection,
    canary: unlessNone(options.canary, canaryOf),
    gates: gatesOf(base.gates, options),
    windows: options.window?.flatMap((text) => (text === 'none' ? [] : [windowOf(text)])),
    pace: unlessNone(options.perSecond, (text) => ({ perSecond: numberOf('--per-second', text) })),
    notBefore: at('--not-before', options.notBefore),
    deadline: at('--deadline', options.deadline),
    expectNext: options.expectNext,
    seeds: options.seeds,
  };
  const plan = { ...base, ...withoutMissing(parts) };
  if (plan.selection === undefined) {
    throw new BillcastError('USAGE', 'say which bills: --month, --file, --bill, --grade or --first-channel');
  }
  return parsePlanRequest(plan);
}

/** Of an existing plan, the month and fields that the options do not name are kept. */
async function selectionOf(
  system: PlanSystem,
  options: PlanOptions,
  before: Partial<PlanRequest['selection']> = {},
): Promise<object | undefined> {
  const { billIds } = await readNamedBills(options);
  const { month, grade, firstChannel: channel } = options;
  const hasFields = grade !== undefined || channel !== undefined;
  if (billIds !== undefined) {
    if (month === undefined && !hasFields) return { billIds: await numbersOf(system, billIds) };
    throw new BillcastError(
      'USAGE',
      '--bill and --file name the bills: leave out --month, --grade and --first-channel',
    );
  }
  if (month === undefined && !hasFields) return undefined;
  const kept = { month: before.month, ...before.fields };
  const named = withoutMissing({ month: month?.slice(0, 7), grade, channel });
  const { month: ofMonth, ...fields } = { ...kept, ...named };
  return hasFields || Object.keys(fields).length > 0
    ? { fields: { month: ofMonth, ...fields } }
    : { month: ofMonth };
}

function canaryOf(text: string): object {
  return text.endsWith('%')
    ? { percent: numberOf('--canary', text.slice(0, -1)) }
    : { bills: numberOf('--canary', text) };
}

function gatesOf(base: unknown, { gate, release }: PlanOptions): object | undefined {
  if (gate === undefined && release === undefined) return undefined;
  const limits = (gate ?? []).map((text) => {
    const [name = '', value = ''] = text.split('=');
    return [name === 'wait' ? 'waitMinutes' : name, numberOf('--gate', value)] as const;
  });
  return { ...Object(base), ...Object.fromEntries(limits), ...withoutMissing({ release }) };
}

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** `09:00-18:00`, `mon-fri/09:00-18:00` or `sat/09:00-12:00`. */
function windowOf(text: string): object {
  const [, first, last, from, to] =
    /^(?:([a-z]{3})(?:-([a-z]{3}))?\/)?(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text) ?? [];
  const [begin, end] = [days.indexOf(first ?? ''), days.indexOf(last ?? first ?? '')];
  if (from === undefined || (first !== undefined && (begin < 0 || end < begin))) {
    throw new BillcastError(
      'USAGE',
      `--window ${text}: write it as 09:00-18:00, mon-fri/09:00-18:00 or sat/09:00-12:00`,
    );
  }
  return { from, to, ...(first !== undefined && { days: days.slice(begin, end + 1) }) };
}

function numberOf(flag: string, text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) {
    throw new BillcastError('USAGE', `${flag} wants a number, not ${text}`);
  }
  return number;
}

function unlessNone<Part>(text: string | undefined, read: (text: string) => Part): Part | null | undefined {
  if (text === undefined) return undefined;
  return text === 'none' ? null : read(text);
}

function withoutMissing(parts: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

function readPlanFile(path: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new BillcastError('USAGE', `${path} cannot be read as a plan: it wants JSON`, { cause });
  }
}
