import type { Channel } from '../../channels.ts';
import type { Config } from '../../config/loadConfig.ts';
import { connectionCause, statusCause } from '../../providers/http/causes.ts';
import { classifyLookup, type LookupTrust } from '../../providers/http/classifyLookup.ts';
import { readConnectionSettings } from '../../providers/http/connectionFiles.ts';
import type { HttpOutcome } from '../../providers/http/exchange.ts';
import { affordableConnections, readOpenFileLimit } from '../../providers/http/openFiles.ts';
import { type Probe, probeGateway } from '../../providers/http/probeGateway.ts';
import { countConnectedRoutes } from '../../providers/registry.ts';
import { certificateAdvice } from './certificateAdvice.ts';
import { type Finding, fail, guarded, ok, warn } from './finding.ts';

/** Connects to each HTTP provider as a send does, and looks up a bill that does not exist. */
export async function checkGateways(config: Config, channels: readonly Channel[]): Promise<Finding[]> {
  const findings = await Promise.all(
    channels.map((channel) => guarded(checkOf(channel), () => checkGateway(config, channel))),
  );
  const { concurrency } = config.providerSettings.http;
  const limits = { limit: readOpenFileLimit(), routes: countConnectedRoutes(config.providers) };
  return [...findings.flat(), ...judgeOpenFiles(concurrency, limits)];
}

function checkOf(channel: Channel): string {
  return `gateway ${channel}`;
}

/** A person is waiting for the result. */
const longestWaitMs = 5_000;

async function checkGateway(config: Config, channel: Channel): Promise<Finding[]> {
  const { providerSettings, sweep, sendTimeoutMs } = config;
  const { gateways, connections } = providerSettings.http;
  const { url, authorization, lookup } = gateways[channel];
  const probe = await probeGateway({
    channel,
    url,
    authorization,
    settings: readConnectionSettings(connections),
    timeLimitMs: Math.min(sendTimeoutMs, longestWaitMs),
  });
  return [
    judgeGateway({ channel, url, lookup }, probe),
    ...judgeGatewayClock(channel, probe),
    ...judgeTrust(channel, lookup, sweep.lookupHorizonMs),
  ];
}

interface Gateway {
  readonly channel: Channel;
  readonly url: string;
  readonly lookup: LookupTrust;
}

/** Pure, like all functions that judge. */
function judgeGateway(gateway: Gateway, { key, outcome }: Probe): Finding {
  const { channel, url, lookup } = gateway;
  const { origin } = new URL(url);
  const check = checkOf(channel);
  switch (outcome.kind) {
    case 'notStarted': {
      const cause = connectionCause(outcome.error, origin);
      return fail(check, `no connection: ${cause}; ${adviceOn(cause, channel)}`);
    }
    case 'broken':
      return fail(
        check,
        outcome.because === 'TIME_OUT'
          ? `${origin} takes a connection and does not answer`
          : `${connectionCause(outcome.error, origin)}, before it answered`,
      );
    case 'answered':
      if (classifyLookup(outcome, key, 'authoritative') !== 'cannotTell') {
        return judgeLookup(gateway, outcome);
      }
      return lookup === 'none' || isTrouble(outcome.status)
        ? judgeStatus(gateway, outcome)
        : warn(
            check,
            `it answers a look-up with ${answerText(outcome)}, which proves nothing, so it never ` +
              'settles a doubt: ' +
              `set HTTP_${channel}_LOOKUP=none, or make it answer as docs/GATEWAY.md says`,
          );
    default:
      return outcome satisfies never;
  }
}

type Answered = Extract<HttpOutcome, { kind: 'answered' }>;

function answerText({ status, body }: Answered): string {
  return statusCause(status, body);
}

/** The gateway answered about our key, for which there is no bill. */
function judgeLookup({ channel, lookup }: Gateway, outcome: Answered): Finding {
  return outcome.status === 404
    ? ok(checkOf(channel), `it answers, also to look-ups (HTTP_${channel}_LOOKUP=${lookup})`)
    : fail(
        checkOf(channel),
        'it says that it accepted a bill that does not exist, so its look-up cannot be trusted: ' +
          `set HTTP_${channel}_LOOKUP=none`,
      );
}

function isTrouble(status: number): boolean {
  return status >= 500 || [400, 401, 402, 403, 407].includes(status);
}

/** A gateway without a look-up may not know a GET below its URL, and still take messages. */
function judgeStatus({ channel }: Gateway, outcome: Answered): Finding {
  const { status } = outcome;
  const check = checkOf(channel);
  const says = answerText(outcome);
  if (status === 401 || status === 403) {
    return fail(
      check,
      `it refuses us: ${says}; check HTTP_${channel}_TOKEN, or the user in HTTP_${channel}_URL`,
    );
  }
  if (status === 402) return fail(check, `${says}: pay the provider's bill`);
  if (status === 400) {
    return warn(check, `${says}; check HTTP_${channel}_URL, and whether it should be https`);
  }
  if (status === 407) return fail(check, `${says}; check user and password in HTTP_PROXY_URL`);
  if (status >= 500) return warn(check, `${says}: it, or what is behind the proxy, has a problem`);
  if (status >= 300 && status < 400) {
    return warn(check, `${says}: redirects are not followed; check HTTP_${channel}_URL`);
  }
  return ok(check, `it answers (${says} to a look-up, which is not used)`);
}

export function judgeOpenFiles(
  concurrency: number,
  { limit, routes }: { readonly limit: number | undefined; readonly routes: number },
): Finding[] {
  const affordable = affordableConnections(concurrency, routes, limit);
  return affordable === concurrency
    ? []
    : [
        warn(
          'open files',
          `a process may open ${limit} files, enough for ${affordable} requests at a time per provider instead ` +
            `of ${concurrency}: raise the hard limit (ulimit -Hn, LimitNOFILE), or lower HTTP_CONCURRENCY`,
        ),
      ];
}

const clockToleranceMs = 2_000;

export function judgeGatewayClock(channel: Channel, { clockAheadMs }: Probe): Finding[] {
  if (clockAheadMs === undefined || Math.abs(clockAheadMs) <= clockToleranceMs) return [];
  const seconds = Math.round(Math.abs(clockAheadMs) / 1_000);
  return [
    warn(
      checkOf(channel),
      clockAheadMs > 0
        ? `its clock is ${seconds} s ahead of this machine's: set both by NTP, or it may refuse ` +
            'bills as too late (412)'
        : `its clock is ${seconds} s behind this machine's: set both by NTP, or it may take bills too late`,
    ),
  ];
}

/** So long a proxy or a kernel may hold what a dead dispatcher sent. */
const shortestHorizonMs = 60_000;

export function judgeTrust(channel: Channel, lookup: LookupTrust, horizonMs: number): Finding[] {
  return lookup === 'authoritative' && horizonMs < shortestHorizonMs
    ? [
        warn(
          checkOf(channel),
          `LOOKUP_HORIZON_MS is ${horizonMs}: a message from a dead dispatcher may arrive later ` +
            'than that, and is ' +
            `then sent twice; ${shortestHorizonMs} is safer`,
        ),
      ]
    : [];
}

const advice: readonly (readonly [RegExp, (channel: Channel) => string])[] = [
  [/proxy/, () => 'check HTTP_PROXY_URL'],
  [/^(ENOTFOUND|EAI_AGAIN)/, (channel) => `check the host in HTTP_${channel}_URL, and the DNS`],
  [/^ECONNREFUSED/, (channel) => `nothing listens there: check host and port in HTTP_${channel}_URL`],
  [
    /in time|^E(TIMEDOUT|HOSTUNREACH|NETUNREACH)/,
    () => 'check host, port and firewall, and whether HTTP_PROXY_URL is needed',
  ],
  [/ALERT/, () => 'it does not accept our certificate: check HTTP_CERT_FILE and HTTP_KEY_FILE'],
  [/^(EPROTO|ERR_SSL)/, (channel) => `it speaks no TLS there: check scheme and port in HTTP_${channel}_URL`],
];

function adviceOn(cause: string, channel: Channel): string {
  const host = `HTTP_${channel}_URL`;
  const found = advice.find(([pattern]) => pattern.test(cause))?.[1](channel);
  return found ?? certificateAdvice(cause, { host, authority: 'HTTP_CA_FILE' }) ?? `check ${host}`;
}
