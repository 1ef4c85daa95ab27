import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import type { DownTime } from '../../../tools/gateway/downTime.ts';
import { type Gateway, startGateway } from '../../../tools/gateway/gateway.ts';
import { type GatewayOptions, gatewayLookups } from '../../../tools/gateway/gatewayOptions.ts';
import { faults } from '../../../tools/gateway/injectedFault.ts';
import { type ProxyOptions, type ProxyStatus, proxyStatuses } from '../../../tools/gateway/proxy.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { BillcastError } from '../../errors.ts';
import { createLogger } from '../../log/log.ts';
import { stopOnSignals } from '../../signals.ts';
import { parseCount, parseOneOf, parsePort, parseShare, parseWhole } from '../arguments.ts';
import { addUsage } from '../commandUsage.ts';
import { refuseUnspoken } from '../gatewayProtocols.ts';
import { jsonOption } from '../jsonOption.ts';

type FlatOptions = Omit<
  GatewayOptions,
  | 'port'
  | 'smtpPort'
  | 'ledgerFile'
  | 'rates'
  | 'slowness'
  | 'retryAfterS'
  | 'token'
  | 'downTime'
  | 'faultTime'
  | 'perSecond'
  | 'proxy'
> &
  GatewayOptions['rates'] & {
    port?: number;
    smtp?: number;
    ledger: string;
    delay: number;
    slow: number;
    slowMs: number;
    retryAfter: number;
    token?: string;
    tokenFile?: string;
    downAfter?: number;
    downFor?: number;
    rate?: number;
    faultsAfter: number;
    faultsFor?: number;
    proxy?: ProxyStatus;
    proxyRate: number;
    proxyAfter: number;
    proxyFor?: number;
    proxyPassesOn: boolean;
    json?: boolean;
  };

export function defineGateway(gateway: Command): void {
  addUsage(gateway, {
    examples: [
      ['gateway --port 8090 --ledger accepted.jsonl', 'a test provider that accepts everything'],
      [
        'gateway --port 8090 --ledger accepted.jsonl --refuse 0.05 --delay 200',
        'one that refuses 5 % and takes 200 ms',
      ],
      [
        'gateway --smtp 2525 --ledger mails.jsonl --break 0.01',
        'a mail server that breaks 1 % of the connections after the dot',
      ],
    ],
  });
  gateway
    .description(
      'Runs a test provider that speaks the HTTP protocol, SMTP, or both. It accepts messages, and ' +
        'refuses and fails as the options say.',
    )
    .option('--port <port>', 'the port of HTTP; 0 for any free port', parsePort)
    .option('--smtp <port>', 'the port of SMTP, for e-mails; 0 for any free port', parsePort)
    .requiredOption('--ledger <file>', 'its acceptances, one per line, written before the answer')
    .option('--host <address>', 'the address it listens on', '127.0.0.1');
  addFaults(gateway);
  addManners(gateway);
  addProxy(gateway);
  gateway.addOption(jsonOption('print the port as one line of JSON')).action(serve);
}

/** Rates are shares of requests, 0 to 1. */
function addFaults(gateway: Command): void {
  const rate = (flag: string, what: string) => gateway.option(`--${flag} <rate>`, what, parseShare, 0);
  rate('refuse', '422, SMTP 550 5.1.1: refuse for good');
  rate('too-many', '429 with Retry-After, SMTP 452 4.7.28');
  rate('unavailable', '503, SMTP 451: not accepted');
  rate('out-of-credit', '402, SMTP 550 5.7.1');
  rate('fail-before', '500, SMTP 421 after the dot, without accepting the message');
  rate('fail-after', 'accept, and answer 500, SMTP 421 after the dot');
  rate('break', 'accept, and break the connection');
  rate('break-before', 'break the connection (SMTP: before the dot), without accepting the message');
  rate('hang', 'accept, and never answer');
  rate('slow', 'take longer, by --slow-ms on average');
  gateway
    .option('--seed <number>', 'which requests fail depends on this, the key and the attempt', parseWhole, 1)
    .option('--faults-after <ms>', 'the faults begin this long after the start', parseWhole, 0)
    .option('--faults-for <ms>', 'and last this long (default: to the end)', parseCount)
    .option('--down-after <ms>', 'refuse all connections, from this long after the start', parseWhole)
    .option('--down-for <ms>', 'and for how long', parseCount);
}

function addManners(gateway: Command): void {
  gateway
    .option('--slow-ms <ms>', 'how much longer slow requests take on average', parseWhole, 5_000)
    .option('--delay <ms>', 'how long every request takes', parseWhole, 0)
    .option(
      '--rate <number>',
      'accept this many per second, and answer 429 (SMTP 452) to the rest',
      parseCount,
    )
    .option('--retry-after <seconds>', 'the Retry-After of a 429', parseWhole, 1)
    .option('--deduplicate', 'accept each key only once', false)
    .option('--honour-send-before', 'answer 412 to what arrives after its Send-Before', false)
    .option(
      `--lookup <${gatewayLookups.join('|')}>`,
      'what a look-up says of its acceptances',
      parseOneOf(gatewayLookups),
      'yes',
    )
    .option(
      '--lag-ms <ms>',
      'how old an acceptance has to be to be found, with --lookup lagging',
      parseWhole,
      5_000,
    )
    .option('--token <token>', 'answer 401 to any other token')
    .option('--token-file <file>', 'read the token from a file, so that no list of processes shows it');
}

/** A proxy in front of it, which answers instead. */
function addProxy(gateway: Command): void {
  gateway
    .option(
      '--proxy <status>',
      `a proxy in front of it answers this to everything: ${proxyStatuses.join(', ')}`,
      parseProxyStatus,
    )
    .option('--proxy-rate <rate>', 'to this share of the requests only', parseShare, 1)
    .option('--proxy-after <ms>', 'the proxy begins this long after the start', parseWhole, 0)
    .option('--proxy-for <ms>', 'and lasts this long (default: to the end)', parseCount)
    .option('--proxy-passes-on', 'the gateway still gets the messages, and accepts them', false);
}

async function serve({ json, ...options }: FlatOptions, command: Command): Promise<void> {
  refuseUnspoken(options, command);
  const gateway = await startGateway(shape(options));
  const { port, smtpPort } = gateway;
  const { host } = options;
  const addresses = [
    ...(port === undefined ? [] : [`http://${host}:${port}`]),
    ...(smtpPort === undefined ? [] : [`smtp://${host}:${smtpPort}`]),
  ];
  process.stdout.write(
    json ? `${JSON.stringify({ port, smtpPort })}\n` : `listening on ${addresses.join(' and ')}\n`,
  );
  stop(gateway);
}

function shape(flat: Omit<FlatOptions, 'json'>): GatewayOptions {
  const { port, smtp, ledger, delay, slow, slowMs, retryAfter, downAfter, downFor, rate, ...more } = flat;
  const {
    faultsAfter,
    faultsFor,
    proxy: _status,
    proxyRate,
    proxyAfter,
    proxyFor,
    proxyPassesOn,
    ...rest
  } = more;
  const sum = faults.reduce((total, fault) => total + flat[fault], 0);
  if (sum > 1) {
    throw new BillcastError('USAGE', `the rates of the faults add up to ${sum}, which is more than 1`);
  }
  return {
    ...rest,
    port,
    smtpPort: smtp,
    ledgerFile: ledger,
    rates: flat,
    slowness: { delayMs: delay, slowRate: slow, slowMs },
    retryAfterS: retryAfter,
    token: tokenOf(flat),
    downTime: downTimeOf(downAfter, downFor),
    perSecond: rate,
    faultTime: { afterMs: faultsAfter, forMs: faultsFor ?? Number.POSITIVE_INFINITY },
    proxy: proxyOf(flat),
  };
}

function proxyOf({ proxy, ...flat }: Omit<FlatOptions, 'json'>): ProxyOptions | undefined {
  const { proxyAfter: afterMs, proxyFor: forMs = Number.POSITIVE_INFINITY, proxyPassesOn: passesOn } = flat;
  if (proxy !== undefined) return { status: proxy, rate: flat.proxyRate, afterMs, forMs, passesOn };
  if (afterMs === 0 && forMs === Number.POSITIVE_INFINITY && flat.proxyRate === 1 && !passesOn) {
    return undefined;
  }
  throw new BillcastError('USAGE', 'the options of the proxy need --proxy, its status');
}

function tokenOf({ token, tokenFile }: Pick<FlatOptions, 'token' | 'tokenFile'>): string | undefined {
  if (tokenFile === undefined) return token;
  if (token !== undefined) throw new BillcastError('USAGE', '--token and --token-file exclude each other');
  try {
    return readFileSync(tokenFile, 'utf8').trim();
  } catch (error) {
    throw new BillcastError('USAGE', `--token-file ${tokenFile} cannot be read`, { cause: error });
  }
}

function downTimeOf(afterMs: number | undefined, forMs: number | undefined): DownTime | undefined {
  if (afterMs !== undefined && forMs !== undefined) return { afterMs, forMs };
  if (afterMs === undefined && forMs === undefined) return undefined;
  throw new BillcastError('USAGE', '--down-after and --down-for go together');
}

const stopWithinMs = 5_000;

function stop(gateway: Gateway): void {
  const { logLevel, production } = loadConfig();
  stopOnSignals({
    log: createLogger({ level: logLevel ?? 'warn', pretty: !production }),
    stop: () => gateway.close(),
    timeoutMs: stopWithinMs,
    left: () => ({}),
  });
}

function parseProxyStatus(text: string): ProxyStatus {
  const status = proxyStatuses.find((known) => String(known) === text);
  if (status === undefined) throw new InvalidArgumentError(`must be one of ${proxyStatuses.join(', ')}.`);
  return status;
}
