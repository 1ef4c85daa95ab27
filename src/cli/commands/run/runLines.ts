import type { PlannedRun } from '../../../db/runs/runChanges.ts';
import type { RunEvent } from '../../../db/runs/runEvents.ts';
import type { Run } from '../../../db/runs/runRows.ts';
import { timeIn } from '../../../operations/explain/wording.ts';
import type { ForecastFacts } from '../../../operations/forecast/forecast.ts';
import { shortVersion } from '../../../render/template/templateVersion.ts';
import type { Plan, SendWindow } from '../../../runs/plan.ts';
import type { Proposal } from '../../../runs/proposal.ts';
import { formatCount } from '../../output.ts';

type Line = readonly [name: string, text: string];
type Time = (at: Date) => string;

/** A run for people: where it stands, what it would do, what comes next. */
export function runText(run: Run, events: readonly RunEvent[], timeZone: string): string {
  const time = timeIn(timeZone);
  const lines = [...standLines(run, time), ...plannedLines(run, time)];
  const told = events.map(
    ({ at, what, actor, facts }) => `  ${time(at)}  ${what} by ${actor}${factText(facts)}\n`,
  );
  return `${linesText(lines)}${told.length === 0 ? '' : `\nHistory (times in ${timeZone}):\n${told.join('')}`}`;
}

/** What a dry run would make. */
export function draftText(draft: PlannedRun, timeZone: string): string {
  return linesText(plannedLines(draft, timeIn(timeZone)));
}

/** One line per run, for a list. */
export function runLine({ id, state, kind, released, proposal, hold }: Run): string {
  const bills = proposal?.bills ?? null;
  const progress =
    bills === null ? formatCount(released) : `${formatCount(released)} of ${formatCount(bills)}`;
  const why = hold === null ? '' : `  ${hold.code}: ${hold.detail ?? ''}`;
  return `${id.padEnd(16)}  ${state.padEnd(8)}  ${kind.padEnd(9)}  ${progress} released${why}\n`;
}

function standLines(run: Run, time: Time): Line[] {
  const { id, state, kind, requestedBy, requestedAt, approvedBy, approvedAt, startedBy, startedAt, hold } =
    run;
  return [
    ['run', `${id}, ${state}${kind === 'PLANNED' ? '' : `, ${kind}`}`],
    ...(hold === null ? [] : [['held by', `${hold.code}: ${hold.detail ?? ''}`] as const]),
    [
      'asked for by',
      `${requestedBy} at ${time(requestedAt)}${run.fourEyes ? '; another person approves it' : ''}`,
    ],
    ...(approvedBy === null || approvedAt === null
      ? []
      : [['approved by', `${approvedBy} at ${time(approvedAt)}`] as const]),
    ...(startedBy === null || startedAt === null
      ? []
      : [['started by', `${startedBy} at ${time(startedAt)}`] as const]),
    ...(startedAt === null
      ? []
      : [['released', `${formatCount(run.released)} bills, phase ${run.phase}`] as const]),
    ...(run.expectedEnd === null ? [] : [['expected end', time(run.expectedEnd)] as const]),
    ...nextLine(run),
  ];
}

function nextLine({ id, state, fourEyes, requestedBy }: Run): Line[] {
  switch (state) {
    case 'DRAFT':
      return [
        ['next', `billcast run approve ${id}${fourEyes ? `, by another person than ${requestedBy}` : ''}`],
      ];
    case 'APPROVED':
      return [['next', `billcast run start ${id}`]];
    case 'PAUSED':
      return [['next', `billcast run resume ${id}, or run close ${id}: the rest then stays held`]];
    case 'RUNNING':
    case 'DONE':
    case 'CLOSED':
      return [];
    default:
      return state satisfies never;
  }
}

function plannedLines(
  { plan, proposal, planHash }: Pick<Run, 'plan' | 'proposal' | 'planHash'>,
  time: Time,
): Line[] {
  const { canary, gates, pace, windows, notBefore, deadline } = plan;
  return [
    ['selection', selectionText(plan)],
    ...(proposal === null ? [] : proposalLines(proposal)),
    ['templates', templateText(plan)],
    ['canary', canary === null ? 'none: no bill goes ahead of the others' : canaryText(canary)],
    ...(canary === null ? [] : [['gates', gateText(gates)] as const]),
    ['pace', pace === null ? 'as fast as it goes' : `${pace.perSecond} bills per second`],
    ['windows', windows.length === 0 ? 'at any time' : windows.map(windowText).join('; ')],
    ...(notBefore === null ? [] : [['not before', time(new Date(notBefore))] as const]),
    ['deadline', deadline === null ? 'none' : time(new Date(deadline))],
    ['plan', planHash],
  ];
}

function proposalLines({ bills, notHeld, unknown, amount, channels, overlaps, forecast }: Proposal): Line[] {
  if (bills === null) return [['bills', 'not counted: publish released whatever was held']];
  const others = [
    ...((notHeld ?? 0) > 0 ? [`${formatCount(notHeld ?? 0)} more are not held`] : []),
    ...((unknown ?? 0) > 0 ? [`${formatCount(unknown ?? 0)} ids are unknown`] : []),
  ];
  const by = Object.entries(channels ?? {}).map(([channel, count]) => `${channel} ${formatCount(count)}`);
  return [
    ['bills', [`${formatCount(bills)} held`, ...by, ...others].join(', ')],
    ['amount', amount === null ? 'unknown: the source gives none' : BigInt(amount).toLocaleString('en')],
    ['forecast', forecastText(forecast as ForecastFacts | undefined)],
    ...overlaps.map(
      ({ run, bills: shared }): Line => [
        'overlap',
        `run ${run} names ${formatCount(shared)} of these bills too: whichever releases them first has them`,
      ],
    ),
  ];
}

function forecastText(forecast: ForecastFacts | undefined): string {
  if (forecast === undefined) return 'none: run `billcast forecast` of these bills, then `run change`';
  const { bills, sampled, failures, duration, cost } = forecast;
  const failing = failures.reduce((sum, group) => sum + group.bills, 0);
  const { expected } = duration;
  return [
    sampled === null
      ? `of ${formatCount(bills)} bills`
      : `of a sample of ${formatCount(sampled.bills)} bills`,
    `${formatCount(failing)} would fail`,
    expected === null ? 'duration unknown' : `about ${formatCount(Math.ceil(expected.seconds / 60))} min`,
    cost.total === null ? 'cost unknown' : `${formatCount(cost.total)} ${cost.currency}`,
  ].join(', ');
}

function selectionText({ selection }: Plan): string {
  if ('month' in selection) return selection.month;
  if ('billIds' in selection) return `${formatCount(selection.billIds.length)} named bills`;
  if ('all' in selection) return 'all that was held';
  return Object.entries(selection.fields)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}

function templateText({ templates }: Plan): string {
  const names = Object.entries(templates).map(([name, hash]) => `${name} ${shortVersion(hash)}`);
  return names.length === 0 ? 'whatever the dispatchers print with' : names.join(', ');
}

function canaryText(canary: NonNullable<Plan['canary']>): string {
  return 'bills' in canary ? `${formatCount(canary.bills)} bills first` : `${canary.percent} % first`;
}

function gateText({ waitMinutes, release, ...limits }: Plan['gates']): string {
  const shares = Object.entries(limits).map(([name, share]) => `${name} ${100 * Number(share)} %`);
  const rest = release === 'auto' ? 'the rest follows by itself' : 'the rest waits for a person';
  return `at most ${shares.join(', ')} within ${waitMinutes} minutes; ${rest}`;
}

function windowText({ channel, from, to, timeZone, days }: SendWindow): string {
  return `${channel === undefined ? '' : `${channel} `}${days.join(',')} ${from}-${to} ${timeZone}`;
}

function factText(facts: RunEvent['facts']): string {
  const shown = Object.entries(facts).filter(([name, value]) => name !== 'planHash' && value !== null);
  return shown.length === 0 ? '' : `: ${shown.map(([name, value]) => `${name} ${String(value)}`).join(', ')}`;
}

function linesText(lines: readonly Line[]): string {
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, text]) => `${name.padEnd(width)}  ${text}\n`).join('');
}
