import type { Config } from '../../config/loadConfig.ts';
import { classifyEnd, placeOf } from '../../providers/smtp/classifyEnd.ts';
import { RelaySession } from '../../providers/smtp/relaySession.ts';
import type { Relay } from '../../providers/smtp/relayUrl.ts';
import { type DnsFact, readSenderDns, type SenderDns } from '../../providers/smtp/senderDns.ts';
import { readSessionSettings } from '../../providers/smtp/sessionSettings.ts';
import { certificateAdvice } from './certificateAdvice.ts';
import { type Finding, fail, guarded, ok, warn } from './finding.ts';

/** A person is waiting for the result. */
const longestWaitMs = 5_000;

/** Logs in at each relay as a send does, and asks DNS about the sender. It sends nothing. */
export async function checkMailServers(config: Config): Promise<Finding[]> {
  const { relays, compose, envelope } = config.providerSettings.smtp;
  const domains = {
    envelope: (envelope.bounce ?? envelope.from).domain,
    header: compose.from.domain,
    dkim: compose.dkim,
  };
  const findings = await Promise.all([
    ...relays.map((relay) => guarded(checkOf(relay), async () => [await checkRelay(config, relay)])),
    guarded('sender', async () => judgeSender(domains.header, await readSenderDns(domains))),
  ]);
  return findings.flat();
}

function checkOf(relay: Relay): string {
  return `relay ${placeOf(relay)}`;
}

async function checkRelay(config: Config, relay: Relay): Promise<Finding> {
  const check = checkOf(relay);
  const tried = await tryRelay(config, relay);
  if (tried.kind === 'opened') {
    const { isEncrypted } = tried;
    const login = relay.login === undefined ? '' : ', and our login is right';
    return isEncrypted
      ? ok(check, `it takes mail, encrypted${login}`)
      : warn(
          check,
          `it takes mail, but not encrypted: names and amounts cross the network in clear text${login}`,
        );
  }
  return fail(check, `${tried.cause}; ${adviceOn(tried.cause)}`);
}

type TriedRelay =
  | { readonly kind: 'opened'; readonly isEncrypted: boolean }
  | { readonly kind: 'failed'; readonly cause: string };

/** Connects and logs in, as a send does. */
export async function tryRelay(
  { providerSettings, sendTimeoutMs }: Config,
  relay: Relay,
): Promise<TriedRelay> {
  const timeLimitMs = Math.min(sendTimeoutMs, longestWaitMs);
  const session = readSessionSettings(providerSettings.smtp);
  const opening = await RelaySession.open({ ...session, relay, timeLimitMs });
  if (opening.kind === 'opened') {
    const { isEncrypted } = opening.session;
    opening.session.quit();
    return { kind: 'opened', isEncrypted };
  }
  const answer = classifyEnd(opening.end, { relay, to: '' });
  return { kind: 'failed', cause: answer.kind === 'accepted' ? '' : (answer.cause ?? answer.reason) };
}

const advice: readonly (readonly [RegExp, string])[] = [
  [/^SMTP 5(?:3[0458]|04)/, 'check the user, the password or token, and auth= in SMTP_URL'],
  [/^SMTP 50[0-3]/, 'it offers no STARTTLS: use smtps://, or ?tls=opportunistic if you may'],
  [/^SMTP/, 'ask its operator whether this machine may send'],
  [/TOKEN/, 'check the file or the command'],
  [/^(?:ENOTFOUND|EAI_AGAIN)/, 'check the host in SMTP_URL, and the DNS'],
  [/^ECONNREFUSED/, 'nothing listens there: check host and port in SMTP_URL'],
  [/in time|^E(?:TIMEDOUT|HOSTUNREACH|NETUNREACH)/, 'check host, port and firewall; port 25 is often closed'],
  [/TLS|CERT|certificate/i, 'check its certificate, and SMTP_CERT_FILE if it wants one of ours'],
];

function adviceOn(cause: string): string {
  return (
    certificateAdvice(cause, { host: 'SMTP_URL', authority: 'SMTP_CA_FILE' }) ??
    advice.find(([pattern]) => pattern.test(cause))?.[1] ??
    'check SMTP_URL'
  );
}

/**
 * Pure. Without these, large receivers reject bulk mail. But a relay may change the sender that they are
 * about.
 */
export function judgeSender(domain: string, { spf, dkim, dmarc }: SenderDns): Finding[] {
  return [
    judgeRecord('SPF', spf, `publish one for ${domain} that names your relay`),
    dkim === undefined
      ? ok('DKIM', 'not checked, because the relay signs, or nobody does')
      : judgeRecord('DKIM', dkim, 'publish the public key of SMTP_DKIM_KEY under SMTP_DKIM_SELECTOR'),
    judgeRecord('DMARC', dmarc, `publish one at _dmarc.${domain}`),
  ];
}

function judgeRecord(name: string, fact: DnsFact, todo: string): Finding {
  switch (fact.kind) {
    case 'found':
      return ok(name, fact.record.slice(0, 100));
    case 'missing':
      return warn(name, `there is no record: ${todo}, or large receivers turn bills away`);
    case 'unasked':
      return ok(name, `not checked, DNS does not answer (${fact.why})`);
    default:
      return fact satisfies never;
  }
}
