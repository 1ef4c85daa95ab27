import { type Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '../../config.ts';
import { BillcastError } from '../../errors.ts';
import type { DownTime } from '../../gateway/downTime.ts';
import { faults } from '../../gateway/faults.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../../gateway/gateway.ts';
import { createLogger } from '../../log.ts';
import { stopOnSignals } from '../../signals.ts';
import { parseCount, parsePort, parseShare, parseWhole } from '../arguments.ts';

type FlatOptions = Omit<
  GatewayOptions,
  'ledgerFile' | 'rates' | 'slowness' | 'retryAfterS' | 'token' | 'downTime'
> &
  GatewayOptions['rates'] & {
    ledger: string;
    delay: number;
    slow: number;
    slowMs: number;
    retryAfter: number;
    token?: string;
    downAfter?: number;
    downFor?: number;
    json?: boolean;
  };

export const addGateway = (program: Command): void => {
  const gateway = program
    .command('gateway')
    .description(
      'a provider of its own that speaks the HTTP protocol: accepts, refuses and fails as it is told',
    )
    .requiredOption('--port <port>', 'where it listens; 0 for one that is free', parsePort)
    .requiredOption('--ledger <file>', 'what it accepts, a line each, written before the answer')
    .option('--host <address>', 'where it listens', '127.0.0.1');
  addFaults(gateway);
  addManners(gateway);
  gateway.option('--json', 'print the port as one line of JSON').action(serve);
};

/** Rates are shares of requests, 0 to 1. */
const addFaults = (gateway: Command): void => {
  const rate = (flag: string, what: string) => gateway.option(`--${flag} <rate>`, what, parseShare, 0);
  rate('refuse', '422: refused for good');
  rate('too-many', '429 with Retry-After');
  rate('unavailable', '503');
  rate('fail-before', '500, and nothing was accepted');
  rate('fail-after', 'accept, and say 500');
  rate('break', 'accept, and break the connection');
  rate('hang', 'accept, and never answer');
  rate('slow', 'take longer, by --slow-ms on average');
  gateway
    .option('--seed <number>', 'which requests they befall: by seed, key and attempt', parseWhole, 1)
    .option('--down-after <ms>', 'refuse all connections, from so long after it listens', parseWhole)
    .option('--down-for <ms>', 'and for how long', parseCount);
};

const addManners = (gateway: Command): void => {
  gateway
    .option('--slow-ms <ms>', 'how much longer slow ones take on average', parseWhole, 5_000)
    .option('--delay <ms>', 'how long every request takes', parseWhole, 0)
    .option('--retry-after <seconds>', 'what 429 asks for', parseWhole, 1)
    .option('--deduplicate', 'accept a key once, however often it comes', false)
    .option('--honour-send-before', '412 for what comes too late', false)
    .option('--lookup <yes|no|lagging>', 'what it knows of its acceptances', parseLookup, 'yes')
    .option(
      '--lag-ms <ms>',
      'how long after it an acceptance is found, with --lookup lagging',
      parseWhole,
      5_000,
    )
    .option('--token <token>', '401 for every other one');
};

const serve = async ({ json, ...options }: FlatOptions): Promise<void> => {
  const gateway = await startGateway(shape(options));
  process.stdout.write(
    json
      ? `${JSON.stringify({ port: gateway.port })}\n`
      : `listening on http://${options.host}:${gateway.port}\n`,
  );
  stop(gateway);
};

const shape = (flat: Omit<FlatOptions, 'json'>): GatewayOptions => {
  const { ledger, delay, slow, slowMs, retryAfter, token, downAfter, downFor, ...rest } = flat;
  const sum = faults.reduce((total, fault) => total + flat[fault], 0);
  if (sum > 1)
    throw new BillcastError('USAGE', `the rates of the faults come to ${sum}, which is more than 1`);
  return {
    ...rest,
    ledgerFile: ledger,
    rates: flat,
    slowness: { delayMs: delay, slowRate: slow, slowMs },
    retryAfterS: retryAfter,
    token,
    downTime: downTimeOf(downAfter, downFor),
  };
};

const downTimeOf = (afterMs: number | undefined, forMs: number | undefined): DownTime | undefined => {
  if (afterMs !== undefined && forMs !== undefined) return { afterMs, forMs };
  if (afterMs === undefined && forMs === undefined) return undefined;
  throw new BillcastError('USAGE', '--down-after and --down-for go together');
};

const stopWithinMs = 5_000;

const stop = (gateway: Gateway): void => {
  const { logLevel, production } = loadConfig();
  stopOnSignals({
    log: createLogger({ level: logLevel ?? 'warn', pretty: !production }),
    stop: () => gateway.close(),
    timeoutMs: stopWithinMs,
    left: () => ({}),
  });
};

const parseLookup = (text: string): GatewayOptions['lookup'] => {
  if (text === 'yes' || text === 'no' || text === 'lagging') return text;
  throw new InvalidArgumentError('wants yes, no or lagging.');
};
