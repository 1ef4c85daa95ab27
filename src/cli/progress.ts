import { type Channel, channels } from '../channels.ts';
import type { StatusFacts } from '../operations/status.ts';
import { formatCount, printNote } from './output.ts';

/**
 * One line with the progress of the job. On a terminal it is redrawn; elsewhere there is a new line every two
 * seconds.
 */
export interface Progress {
  show(facts: StatusFacts): void;
  /** Keeps the last line on the screen. */
  end(): void;
}

const plainLineEveryMs = 2_000;
/** The rate is measured over so much time. */
const rateWindowMs = 3_000;

export function createProgress(stream: NodeJS.WriteStream): Progress {
  const samples: { at: number; settled: number }[] = [];
  let lastPlainLine = Number.NEGATIVE_INFINITY;
  let drawn = false;

  return {
    show(facts) {
      const now = performance.now();
      samples.push({ at: now, settled: settledOf(facts) });
      while (samples.length > 2 && now - (samples[1]?.at ?? now) >= rateWindowMs) samples.shift();
      const line = progressLine(facts, rateOf(samples));
      if (stream.isTTY) {
        stream.write(`\r\x1b[K${line.slice(0, stream.columns - 1)}`);
        drawn = true;
      } else if (now - lastPlainLine >= plainLineEveryMs) {
        lastPlainLine = now;
        stream.write(`${line}\n`);
      }
    },
    end() {
      if (drawn) stream.write('\n');
      drawn = false;
    },
  };
}

function settledOf(facts: StatusFacts): number {
  return facts.delivered + facts.failed + facts.cancelled;
}

/** The channels after the first one, in words. */
export function laterChannels([, ...later]: readonly Channel[], between: string): string {
  return later.map((channel) => channels[channel].label).join(between) || 'another channel';
}

/** Bills per second. */
function rateOf(samples: readonly { at: number; settled: number }[]): number {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.at === first.at) return 0;
  // Counts may fall if they are corrected after a crash.
  return Math.max(0, ((last.settled - first.settled) * 1_000) / (last.at - first.at));
}

/** Pure: the line for these facts at this rate. */
export function progressLine(facts: StatusFacts, billsPerSecond: number): string {
  const open = facts.total - settledOf(facts) - facts.waiting - facts.held - facts.inDoubt;
  return [
    count('published', facts.total - facts.held - facts.owed),
    count('delivered', facts.delivered),
    count(laterChannels(facts.channels, '+'), facts.sms),
    count('failed', facts.failed),
    count('in doubt', facts.inDoubt),
    count('waiting', facts.waiting),
    count('bills/s', Math.round(billsPerSecond)),
    count('lag', facts.lag),
    timeLeft(open, facts.inDoubt, billsPerSecond),
  ]
    .filter((part) => part !== '')
    .join('  ');
}

function timeLeft(open: number, inDoubt: number, billsPerSecond: number): string {
  if (open > 0) return billsPerSecond > 0 ? `${Math.ceil(open / billsPerSecond)} s left` : '';
  return inDoubt > 0 ? 'bills in doubt wait for a look-up or a person' : '';
}

function count(label: string, value: number): string {
  return `${label} ${formatCount(value)}`;
}

const notedMembers = 10_000;

/** Notes every ten thousand of the sample members as they are added. */
export function printMembers(wanted: number): (done: number) => void {
  return (done) => {
    if (done % notedMembers === 0 && done < wanted) printNote(`${formatCount(done)} members`);
  };
}
