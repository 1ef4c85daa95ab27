import { type Channel, channels } from '../../channels.ts';
import type { Config } from '../../config/loadConfig.ts';
import type { Database } from '../../db/database.ts';
import { hasIndexOnProviderId, type PollStanding, selectPollStandings } from '../../db/receiptPolls.ts';
import { nextChannel } from '../../ladder.ts';
import { zonedTime } from '../../lib/timeText.ts';
import { type AnyPollMapping, polledChannels } from '../../providers/mapped/pollSchema.ts';
import type { ReceiptWays } from '../../providers/providerKind.ts';
import { receiptWaysOf, sendsNothing } from '../../providers/providerTraits.ts';
import { spanText } from '../explain/wording.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

type ReceiptConfig = Pick<Config, 'ladder' | 'providers' | 'providerSettings' | 'receiptRates' | 'inbound'>;

/** Pure: whether receipts of each channel can arrive. */
export function judgeReceipts(config: ReceiptConfig): Finding[] {
  return config.ladder.order.map((channel) => {
    const ways = config.providers[channel].map(({ name }) => waysOf(config, channel, name));
    const check = `receipts ${channel}`;
    const text = ways.map(({ words }) => words).join('; ');
    if (ways.every(({ comes }) => comes)) return ok(check, text);
    return warn(check, `${text}. ${withoutReceipts(config, channel)}`);
  });
}

function withoutReceipts({ ladder }: ReceiptConfig, channel: Channel): string {
  const next = nextChannel(ladder, { channel, passed: null }, 'bounced');
  return next === undefined
    ? 'Without receipts nobody knows who got the message'
    : `Without receipts a message that comes back never goes on by ${channels[next].label}, even with ` +
        `CHANNEL_${channel}_RECEIPT_WITHIN`;
}

interface Ways {
  /** Whether receipts can arrive. */
  readonly comes: boolean;
  readonly words: string;
}

/** `INBOUND_*` are settings of the api: a process that does not see them cannot know. */
function waysOf(
  { providerSettings, receiptRates, inbound }: ReceiptConfig,
  channel: Channel,
  name: string,
): Ways {
  if (sendsNothing(name)) return { comes: true, words: `${name}: nothing comes back` };
  const ways = receiptWaysOf(name, providerSettings);
  switch (ways?.kind) {
    case undefined:
      return { comes: false, words: `${name}: billcast knows of no receipts from it` };
    case 'mail':
      return waysOfMail(name, ways.hasAddress, inbound);
    case 'api':
      return waysOfApi(name, { ...ways, polls: pollsOf(ways.polls, channel) }, { receiptRates, inbound });
    default:
      return ways satisfies never;
  }
}

function waysOfApi(
  name: string,
  { webhook, polls }: Pick<Extract<ReceiptWays, { kind: 'api' }>, 'webhook' | 'polls'>,
  { receiptRates, inbound }: Pick<ReceiptConfig, 'receiptRates' | 'inbound'>,
): Ways {
  const mayAsk = polls.some(({ by }) => by === 'id');
  const hasSecret = webhook !== undefined && inbound.secrets.has(webhook);
  const found = [
    ...(hasSecret ? [`by webhook at /inbound/${webhook}`] : []),
    ...polls.flatMap(({ by, name: list }) => (by === 'time' ? [`by asking for its list ${list}`] : [])),
    ...(mayAsk && receiptRates[name] !== undefined ? ['by asking about each message'] : []),
  ];
  if (found.length > 0) return { comes: true, words: `${name}: ${found.join(' and ')}` };
  return webhook === undefined
    ? {
        comes: false,
        words: `${name}: its file names no receipts; add receipts.polls or use another provider`,
      }
    : {
        comes: false,
        words:
          `${name}: no webhook can come; set INBOUND_SECRETS=${webhook}:... for the api, and enter its address` +
          (mayAsk ? `, or set RECEIPT_RATES=${name}:1 to ask about each message` : ''),
      };
}

function waysOfMail(name: string, hasAddress: boolean, { lmtpPort, maildir }: Config['inbound']): Ways {
  const reads = lmtpPort !== 0 || maildir !== undefined;
  if (hasAddress && reads) return { comes: true, words: `${name}: by mail to SMTP_BOUNCE_ADDRESS` };
  return {
    comes: false,
    words: hasAddress
      ? `${name}: nobody reads what comes to SMTP_BOUNCE_ADDRESS; set INBOUND_LMTP_PORT or INBOUND_MAILDIR of the api`
      : `${name}: bounces come back to nobody; set SMTP_BOUNCE_ADDRESS, and INBOUND_LMTP_PORT or INBOUND_MAILDIR of the api`,
  };
}

function pollsOf(polls: readonly AnyPollMapping[], channel: Channel): readonly AnyPollMapping[] {
  return polls.filter((poll) => polledChannels(poll).includes(channel));
}

/** Checks how far the lists of providers are read, and whether their receipts find their bills. */
export async function checkPolls(
  {
    providerSettings: { mapped },
    receiptRates,
    timeZone,
  }: Pick<Config, 'providerSettings' | 'receiptRates' | 'timeZone'>,
  database: Database,
): Promise<Finding[]> {
  const used = Object.entries(mapped).flatMap(([provider, { mapping }]) =>
    (mapping.receipts?.polls ?? [])
      .filter(({ by }) => by === 'time' || receiptRates[provider] !== undefined)
      .map((poll) => ({ provider, poll })),
  );
  if (used.length === 0) return [];
  const standings = await selectPollStandings(database);
  const findings = used.flatMap(({ provider, poll: { name, by } }) => {
    const found = standings.find((one) => one.provider === provider && one.poll === name);
    return found === undefined ? [] : [judgePoll({ ...found, by }, { timeZone })];
  });
  const byId = used
    .filter(({ poll }) => poll.by === 'time' && poll.key === undefined)
    .map(({ provider }) => provider);
  if (byId.length === 0 || (await hasIndexOnProviderId(database))) return findings;
  return [
    ...findings,
    warn(
      'receipt index',
      `receipts of ${[...new Set(byId)].join(' and ')} have no key of ours, and each search for their bills reads ` +
        'the journal; run: create index on delivery_attempt (provider_id) where provider_id is not null',
    ),
  ];
}

const longBehindMs = 3_600_000;
/** A fault that is younger may pass by itself. */
const passingMs = 600_000;

/** Pure. */
export function judgePoll(
  { provider, poll, by, behindMs, fault, failedSince }: PollStanding & Pick<AnyPollMapping, 'by'>,
  { timeZone, now = new Date() }: { readonly timeZone: string; readonly now?: Date },
): Finding {
  const check = `receipts of ${provider}`;
  const read =
    by === 'time'
      ? `its list ${poll} is read until ${spanText(behindMs)} ago`
      : `all its messages were asked about that were due ${spanText(behindMs)} ago`;
  if (fault !== null && failedSince !== null) {
    const verdict = now.getTime() - failedSince.getTime() > passingMs ? fail : warn;
    return verdict(
      check,
      `${read}; it has failed since ${zonedTime(failedSince, timeZone)}: ${fault}; check its address and credentials`,
    );
  }
  return behindMs > longBehindMs
    ? warn(check, `${read}: no dispatcher asks for it, or its provider allows too few requests a second`)
    : ok(check, read);
}
