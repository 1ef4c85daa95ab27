import { pino } from 'pino';
import type { Logger } from '../../src/log/log.ts';

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A logger whose lines a test can read, and wait for. */
export interface CapturedLog {
  readonly log: Logger;
  readonly lines: LogLine[];
  /** Messages of level warn and above. */
  warnings(): string[];
  /** Resolves with the first line of this message, also one that was written before. */
  line(msg: string): Promise<LogLine>;
}

export function captureLog(): CapturedLog {
  const lines: LogLine[] = [];
  let waiting: { msg: string; found: (line: LogLine) => void }[] = [];
  const write = (text: string): void => {
    const line: LogLine = JSON.parse(text);
    lines.push(line);
    for (const { msg, found } of waiting) if (msg === line.msg) found(line);
    waiting = waiting.filter(({ msg }) => msg !== line.msg);
  };
  return {
    log: pino({ level: 'trace', base: null }, { write }),
    lines,
    warnings: () => lines.filter(({ level }) => level >= 40).map(({ msg }) => msg),
    line: (msg) => {
      const earlier = lines.find((line) => line.msg === msg);
      return earlier ? Promise.resolve(earlier) : new Promise((found) => waiting.push({ msg, found }));
    },
  };
}

/** A logger for lines that a test does not look at. */
export const silentLog: Logger = pino({ level: 'silent' });
