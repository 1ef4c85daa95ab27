import type { Live } from '../../api/contract/streamContract.ts';
import type { RouteBrake } from '../../db/reads/brakeStates.ts';
import { counted } from '../../lib/counted.ts';
import { timeIn } from '../../lib/timeText.ts';
import { listBrakes } from '../../operations/brakeList.ts';
import { brakeText, thrownText } from '../../operations/explain/switches.ts';
import { spanText } from '../../operations/explain/wording.ts';
import { dueBills, personNeedsOf, personNeedText } from '../../operations/personNeeds.ts';
import type { WatchFacts } from '../../operations/readWatch.ts';
import { isDayUsedUp, warmupText } from '../../operations/warmupToday.ts';
import { formatCount } from '../output.ts';
import { laterChannels } from '../progress.ts';

/** One reading, and what follows from it and earlier ones. */
export interface WatchView {
  readonly facts: WatchFacts;
  /** Null until there are two readings. */
  readonly rates: Live['rates'];
  readonly timeZone: string;
  /** Why the facts are from an earlier reading; null if they are new. */
  readonly trouble: string | null;
}

/** The meaning of a line, by which it is coloured. */
export type Tone = 'title' | 'plain' | 'good' | 'bad' | 'quiet';

export interface WatchLine {
  readonly text: string;
  readonly tone: Tone;
}

/** Pure: the screen for one reading, line by line. */
export function watchLines({ facts, rates, timeZone, trouble }: WatchView): WatchLine[] {
  const time = timeIn(timeZone);
  const needs = personNeedsOf(facts).map((need) => personNeedText(need, { time, count: formatCount }));
  return [
    line(`billcast  ${time(facts.counted.asOf)} (${timeZone})  ${standingText(facts)}`, 'title'),
    trouble === null ? line('') : line(oldText(trouble), 'bad'),
    ...stateLines(facts),
    line(''),
    line(`  ${rateText(facts, rates)}`),
    line(''),
    ...clusterLines(facts, time),
    line(''),
    ...(needs.length === 0
      ? [line('  Nothing needs a person now.', 'good')]
      : [line('  Needs a person:', 'title'), ...needs.map((text) => line(`  - ${text}`, 'bad'))]),
  ];
}

/** Pure: the same in one line, for a file or another program's screen. */
export function watchLine({ facts, rates, timeZone }: WatchView): string {
  const { delivered, failed, inDoubt, waiting, held, total } = facts.counted.counts;
  return [
    timeIn(timeZone)(facts.counted.asOf),
    standingText(facts),
    `delivered ${formatCount(delivered)} of ${formatCount(total)}`,
    `failed ${formatCount(failed)}`,
    `in doubt ${formatCount(inDoubt)}`,
    `waiting ${formatCount(waiting)}`,
    `held ${formatCount(held)}`,
    rateText(facts, rates),
  ].join('  ');
}

/** The note beside numbers that could not be read again. */
export function oldText(trouble: string): string {
  return `These numbers are old: ${trouble}`;
}

function line(text: string, tone: Tone = 'plain'): WatchLine {
  return { text, tone };
}

function standingText({ counted: { counts }, cluster }: WatchFacts): string {
  if (cluster.control.pause !== null) return 'paused';
  if (dueBills(counts) === 0) return 'idle';
  if (cluster.alive === 0) return 'no dispatcher';
  return isDayUsedUp(cluster.warmup) ? 'warming up, waiting for tomorrow' : 'sending';
}

const barWidth = 24;

function stateLines({ counted: { counts }, cluster }: WatchFacts): WatchLine[] {
  const rows: [string, number, string, Tone][] = [
    [
      'delivered',
      counts.delivered,
      `${formatCount(counts.sms)} bills have gone on to ${laterChannels(cluster.channels, ' or ')}`,
      'good',
    ],
    ['sent', counts.sent, 'handed off, the answer is awaited', 'plain'],
    ['sending', counts.sending, 'claimed, not handed off yet', 'plain'],
    ['pending', counts.pending - counts.waiting - counts.held, 'due', 'plain'],
    ['waiting', counts.waiting, 'for quiet hours, a retry or their time', 'quiet'],
    ['held', counts.held, 'until they are published', 'quiet'],
    ['in doubt', counts.inDoubt, doubtNote(cluster.oldestDoubtMs), 'bad'],
    ['failed', counts.failed, `${formatCount(counts.retransmissions)} are retried by themselves`, 'bad'],
    ['cancelled', counts.cancelled, '', 'quiet'],
    ['total', counts.total, '', 'plain'],
  ];
  return rows.map(([label, bills, note, tone]) => {
    const shown = bills === 0 && note !== '' ? '' : note;
    const text = `  ${label.padEnd(10)}${formatCount(bills).padStart(12)}  ${barOf(bills, counts.total)}  ${shown}`;
    return line(text.trimEnd(), bills === 0 ? 'quiet' : tone);
  });
}

function doubtNote(oldestMs: number): string {
  return `the oldest for ${Math.round(oldestMs / 1_000)} s`;
}

/** The bar is at least one character long, so that a bill or two of millions are visible. */
function barOf(bills: number, total: number): string {
  const full = total === 0 ? 0 : Math.ceil((bills / total) * barWidth);
  return '█'.repeat(full).padEnd(barWidth, '·');
}

function rateText({ counted: { counts }, lag }: WatchFacts, rates: Live['rates']): string {
  const behind = lag === null ? 'lag unknown' : `lag ${counted(lag, 'event')}`;
  if (rates === null) return `bills/s: measuring  ${behind}`;
  const { deliveredPerSecond, failedPerSecond, secondsLeft, overMs } = rates;
  const rate = `${formatCount(Math.round(deliveredPerSecond + failedPerSecond))} bills/s over ${Math.round(overMs / 1_000)} s`;
  const left =
    dueBills(counts) === 0
      ? 'nothing is due'
      : secondsLeft === null
        ? 'time left unknown'
        : `${spanText(secondsLeft * 1_000)} left`;
  return `${rate}  ${left}  ${behind}`;
}

function clusterLines({ cluster }: WatchFacts, time: (at: Date) => string): WatchLine[] {
  const { alive, silent, control, brakes, warmup } = cluster;
  const silentText = silent.length === 0 ? '' : `, silent: ${silent.join(', ')}`;
  return [
    line(`  dispatchers  ${alive} alive${silentText}`, alive === 0 ? 'bad' : 'plain'),
    ...(control.pause === null ? [] : [line(`  paused ${thrownText(control.pause, time)}`, 'bad')]),
    ...listBrakes<RouteBrake>(brakes).map((listed) =>
      line(`  ${brakeText(listed, time)}`, listed.brake.on ? 'bad' : 'plain'),
    ),
    ...(warmup === null
      ? []
      : warmup.numbers.map((number) =>
          line(`  warm-up ${number.receiver ?? warmup.sender}: ${warmupText(warmup, number, time)}`),
        )),
  ];
}
