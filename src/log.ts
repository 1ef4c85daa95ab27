import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/**
 * The process's logger: JSON on standard error in production, readable lines in development.
 * Messages are constant and facts are fields; no field ever holds a name, an address or a number of a person.
 */
export const createLogger = (options: { level: string; pretty: boolean }): Logger =>
  options.pretty
    ? pino({
        level: options.level,
        base: null,
        transport: {
          target: 'pino-pretty',
          options: { destination: 2, translateTime: 'HH:MM:ss.l', singleLine: true },
        },
      })
    : pino({ level: options.level }, standardError());

const standardError = (): DestinationStream => pino.destination({ dest: 2, sync: false });
