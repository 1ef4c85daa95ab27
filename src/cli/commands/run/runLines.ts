import type { RunAnswer, RunDraft, RunWithEvents } from '../../../api/contract/runsContract.ts';
import { counted } from '../../../lib/counted.ts';
import { timeIn } from '../../../lib/timeText.ts';
import { shortVersion } from '../../../render/template/templateVersion.ts';
import { asPercent, gateNames } from '../../../runs/gates.ts';
import type { Plan, SendWindow } from '../../../runs/plan.ts';
import { type Proposal, sumText } from '../../../runs/proposal.ts';
import { formatCount } from '../../output.ts';

type Line = readonly [name: string, text: string];
type Time = (at: string) => string;

/** A run for people, from the API's answer: its state, what it would do, and what comes next. */
export function runText(run: RunWithEvents, timeZone: string): string {
  const time = textIn(timeZone);
  const told = run.events.map(
    ({ at, what, actor, facts }) => `  ${time(at)}  ${what} by ${actor}${factText(facts)}\n`,
  );
  const history = told.length === 0 ? '' : `\nHistory (times in ${timeZone}):\n${told.join('')}`;
  return `${linesText([...standLines(run, time), ...canaryLines(run), ...plannedLines(run, time)])}${history}`;
}

/** What a dry run would make. */
export function draftText(draft: RunDraft, timeZone: string): string {
  return linesText(plannedLines(draft, textIn(timeZone)));
}

/** One line per run, for a list. */
export function runLine({ runId, state, kind, released, proposal, hold }: RunAnswer): string {
  const bills = proposal?.bills ?? null;
  const progress =
    bills === null ? formatCount(released) : `${formatCount(released)} of ${formatCount(bills)}`;
  const why = hold === null ? '' : `  ${hold.code}: ${hold.detail ?? ''}`;
  return `${runId.padEnd(16)}  ${state.padEnd(8)}  ${kind.padEnd(9)}  ${progress} released${why}\n`;
}

function textIn(timeZone: string): Time {
  const time = timeIn(timeZone);
  return (at) => time(new Date(at));
}

function standLines(run: RunAnswer, time: Time): Line[] {
  const { runId, state, kind, startedAt, released, phase, expectedEnd, hold } = run;
  const asked = `${run.requestedBy} at ${time(run.requestedAt)}`;
  return [
    ['run', `${runId}, ${state}${kind === 'PLANNED' ? '' : `, ${kind}`}`],
    ...lineIf('held by', hold && `${hold.code}: ${hold.detail ?? ''}`),
    ['asked for by', `${asked}${run.fourEyes ? '; another person approves it' : ''}`],
    ...lineIf('approved by', run.approvedAt && `${run.approvedBy} at ${time(run.approvedAt)}`),
    ...lineIf('started by', startedAt && `${run.startedBy} at ${time(startedAt)}`),
    ...lineIf('released', startedAt && `${counted(released, 'bill')}, phase ${phase}`),
    ...lineIf('expected end', expectedEnd && time(expectedEnd)),
    ...lineIf('closed by', run.closedAt && `${run.closedBy} at ${time(run.closedAt)}`),
    ...lineIf('next', nextOf(run)),
  ];
}

function canaryLines({ canary }: RunWithEvents): Line[] {
  if (canary === null) return [];
  const { bills, onTheirWay, waiting, gates } = canary;
  const open = `${formatCount(onTheirWay)} on their way, ${formatCount(waiting)} waiting`;
  return [
    ['canary is out', `${counted(bills, 'bill')}, ${open}`],
    ...gates.map(({ isAbove, sentence }): Line => [isAbove ? 'ABOVE its limit' : 'gate', sentence]),
  ];
}

function lineIf(name: string, text: string | null): Line[] {
  return text === null ? [] : [[name, text]];
}

function nextOf({ runId, kind, state, fourEyes, requestedBy, released, proposal }: RunAnswer): string | null {
  if (kind === 'REHEARSAL' && rehearsed.includes(state) && !(fourEyes && state === 'DRAFT')) {
    return `billcast run rehearse ${runId}`;
  }
  switch (state) {
    case 'DRAFT':
      return `billcast run approve ${runId}${fourEyes ? `, by another person than ${requestedBy}` : ''}`;
    case 'APPROVED':
      return `billcast run start ${runId}`;
    case 'PAUSED':
      return `billcast run resume ${runId}, or run close ${runId}: the rest then stays held`;
    case 'RUNNING':
      return released < (proposal?.bills ?? Infinity)
        ? null
        : 'all is released; it is DONE when its bills have ended or wait for a person';
    case 'DONE':
      return `billcast run sign ${runId}; run close ${runId} ends it without a signature, for good`;
    case 'CLOSED':
      return null;
    default:
      return state satisfies never;
  }
}

/** States in which a rehearsal can be continued. */
const rehearsed: readonly RunAnswer['state'][] = ['DRAFT', 'APPROVED', 'RUNNING', 'PAUSED'];

type Planned = Pick<RunWithEvents, 'plan' | 'billCount' | 'proposal' | 'forecast' | 'planHash'>;

function plannedLines(planned: Planned, time: Time): Line[] {
  const { plan: shown, billCount, proposal, forecast, planHash } = planned;
  const plan: Plan = Object(shown);
  const { canary, gates, pace, windows, notBefore, deadline } = plan;
  return [
    ['selection', selectionText(plan, billCount)],
    ...(proposal === null ? [] : proposalLines(proposal)),
    ...lineIf('forecast', (proposal?.bills ?? null) === null ? null : forecastText(forecast)),
    ['templates', templateText(plan)],
    ['canary', canary === null ? 'none: no bill goes ahead of the others' : canaryText(canary)],
    ...lineIf('gates', canary && gateText(gates)),
    ['pace', pace === null ? 'as fast as it goes' : `${counted(pace.perSecond, 'bill')} per second`],
    ['windows', windows.length === 0 ? 'at any time' : windows.map(windowText).join('; ')],
    ...lineIf('not before', notBefore && time(notBefore)),
    ['deadline', deadline === null ? 'none' : time(deadline)],
    ['plan', planHash],
  ];
}

function proposalLines(proposal: Proposal): Line[] {
  const { bills, notHeld, heldLater = 0, unknown, channels, overlaps } = proposal;
  if (bills === null) return [['bills', 'not counted: publish released whatever was held']];
  const others = [
    ...((notHeld ?? 0) > 0 ? [`${formatCount(notHeld ?? 0)} more not held`] : []),
    ...(heldLater > 0 ? [`${formatCount(heldLater)} more held only after they were counted`] : []),
    ...((unknown ?? 0) > 0 ? [counted(unknown ?? 0, 'unknown id')] : []),
  ];
  const by = Object.entries(channels ?? {}).map(([channel, count]) => `${channel} ${formatCount(count)}`);
  return [
    ['bills', [`${formatCount(bills)} held`, ...by, ...others].join(', ')],
    ['amount', sumText(proposal)],
    ...overlaps.map(
      ({ run, bills: shared }): Line => [
        'overlap',
        `run ${run} names ${formatCount(shared)} of these bills too: whichever releases them first has them`,
      ],
    ),
  ];
}

function forecastText(forecast: Planned['forecast']): string {
  if (forecast === null) return 'none: run `billcast forecast` of these bills, then `run change`';
  const { bills, sampled, failures, duration, cost } = forecast;
  const failing = failures.reduce((sum, group) => sum + group.bills, 0);
  const { expected } = duration;
  return [
    sampled === null ? `of ${counted(bills, 'bill')}` : `of a sample of ${counted(sampled.bills, 'bill')}`,
    `${formatCount(failing)} would fail`,
    expected === null ? 'duration unknown' : `about ${formatCount(Math.ceil(expected.seconds / 60))} min`,
    cost.total === null ? 'cost unknown' : `${formatCount(cost.total)} ${cost.currency}`,
  ].join(', ');
}

function selectionText({ selection }: Plan, billCount = 0): string {
  if ('month' in selection) return selection.month;
  if ('billIds' in selection) return `${formatCount(billCount)} named bills`;
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
  return 'bills' in canary ? `${counted(canary.bills, 'bill')} first` : `${canary.percent} % first`;
}

function gateText({ waitMinutes, release, ...limits }: Plan['gates']): string {
  const shares = gateNames.map((gate) => `${gate} ${asPercent(limits[gate])}`);
  const rest = release === 'auto' ? 'the rest follows by itself' : 'the rest waits for a person';
  return `at most ${shares.join(', ')} within ${counted(waitMinutes, 'minute')}; ${rest}`;
}

function windowText({ channel, from, to, timeZone, days }: SendWindow): string {
  return `${channel === undefined ? '' : `${channel} `}${days.join(',')} ${from}-${to} ${timeZone}`;
}

function factText(facts: object): string {
  const shown = Object.entries(facts).filter(([name, value]) => !unprinted.has(name) && value !== null);
  return shown.length === 0 ? '' : `: ${shown.map(([name, value]) => `${name} ${String(value)}`).join(', ')}`;
}

/** For programs; `detail` has the gates in words. */
const unprinted: ReadonlySet<string> = new Set(['planHash', 'gates']);

function linesText(lines: readonly Line[]): string {
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, text]) => `${name.padEnd(width)}  ${text}\n`).join('');
}
