import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type { Logger } from 'pino';

/**
 * The process's logger: JSON in production, readable lines in development. It writes to `process.stderr`,
 * which process managers capture. Messages are constant, facts are fields, and no field holds a name, an
 * address or a number of a person.
 */
export function createLogger(options: { level: string; pretty: boolean }): Logger {
  return options.pretty
    ? pino({ level: options.level, base: null }, readableLines())
    : pino({ level: options.level }, process.stderr);
}

/** One stream for all loggers of the process: each stream adds listeners to standard error that stay. */
function readableLines() {
  readable ??= pretty({
    destination: process.stderr,
    translateTime: 'HH:MM:ss.l',
    singleLine: true,
    colorize: process.stderr.isTTY,
  });
  return readable;
}

let readable: ReturnType<typeof pretty> | undefined;
