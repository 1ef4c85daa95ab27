import { channelNames, channels } from '../../channels.ts';
import type { ToldCode } from '../contract/toldContract.ts';
import { problemSentences } from './problemSentences.ts';

type Sentence = readonly [code: ToldCode, pattern: RegExp];

/**
 * Sentences about brakes. In all patterns, `first` and `then` are sentences before and behind this one, and
 * `list` is several sentences. A test makes each sentence where it is written, and checks that it is
 * recognized here.
 */
const brakes: readonly Sentence[] = [
  ['PACE', /^(?<first>.*); (?<perSecond>[\d.]+) bills a second$/su],
  ['PACE', /^(?<first>.*), (?<perSecond>[\d.]+) bills per second$/su],
  ['TURN_SHARE', /^(?<bills>\d+) of (?<of>\d+) bills turn to (?:the next channel|SMS): (?<then>.*)$/su],
  [
    'TURN_SHARE_OF_LAST',
    /^(?<bills>\d+) of the last (?<of>\d+) bills turn to (?:the next channel|SMS): (?<then>.*)$/su,
  ],
  ['REFUSED_SHARE', /^(?<bills>\d+) of (?<of>\d+) refused: (?<then>.*)$/su],
  ['REFUSED_SHARE_OF_LAST', /^(?<bills>\d+) of the last (?<of>\d+) refused: (?<then>.*)$/su],
  ['RETURN_SHARE', /^(?<bills>\d+) of (?<of>\d+) accepted messages came back, and their bills would go on$/u],
  ['SEEN_ELSEWHERE', /^see the log of the other dispatchers$/u],
];

const sends: readonly Sentence[] = [
  ['CLOCK', /^HTTP 412: the gateway's clock is (?<seconds>\d+) s ahead of this machine's, set both by NTP$/u],
  ['OTHER_KEY', /^HTTP (?<status>\d{3}) with the key of another message$/u],
  ['HTTP', /^HTTP (?<status>\d{3})(?:: (?<words>.*))?$/su],
  ['SMTP', /^SMTP (?<status>\d{3}(?: \d\.\d+\.\d+)?)(?:: (?<words>.*))?$/su],
  ['CONNECT_TIME_OUT', /^no connection in time to (?<host>\S+)$/u],
  ['NO_CONNECTION', /^no connection to (?<host>\S+)$/u],
  ['CLOSED', /^the other side closed the connection: (?<host>\S+)$/u],
  ['STOPPED', /^stopped, no more sends to (?<host>\S+)$/u],
  ['NO_ANSWER', /^no answer in time from (?<host>\S+)$/u],
  ['REFUSED_UNREAD', /^(?<host>\S+) refused it unread, by HTTP\/2$/u],
  ['NOT_IN_BATCH', /^the answer to the batch does not name this message$/u],
  ['NO_SMTPUTF8', /^the relay offers no SMTPUTF8$/u],
  ['MAIL_TOO_LARGE', /^the relay takes (?<bytes>\d+) bytes at most$/u],
  ['PROVIDER_THREW', /^provider threw$/u],
  ['SYSTEM', /^(?<error>[A-Z][A-Z\d_]+) (?<host>\S+)$/u],
  ['REASON', /^(?<reason>[A-Z][A-Z\d]*_[A-Z\d_]+)$/u],
];

const runs: readonly Sentence[] = [
  [
    'GATE',
    /^(?<gate>[a-z]+): (?<bills>[\d,]+) of (?<of>[\d,]+) bills(?: \((?<share>[\d.]+ %)\))?, limit (?<limit>[\d.]+ %)(?:, mostly (?<reason>\S+) \((?<most>[\d,]+)\))?$/u,
  ],
  ['LAST_MINUTE', /^in the last minute (?<then>.*)$/su],
  ['CANARY_FEW', /^the canary has (?<bills>[\d,]+) bills?, too few to judge: (?<then>.*)$/su],
  ['CANARY_GOOD', /^the canary is good, and the plan says that a person lets the rest go: (?<then>.*)$/su],
  [
    'CANARY_STUCK',
    /^(?<bills>[\d,]+) of (?<of>[\d,]+) bills of the canary have not ended, and none has for (?<minutes>\d+) minutes(?:, mostly (?<reason>\S+) \((?<most>[\d,]+)\))?: /u,
  ],
  [
    'TEMPLATE',
    /^dispatchers print with version (?<now>.*), approved was (?<approved>[^:]*): put the approved/u,
  ],
  ['SEEDS', /^no message to a seed address was accepted: (?<then>.*)$/su],
  ['NO_SEED_BILL', /^there was no bill to show$/u],
  ['INTERRUPTED', /^it was interrupted; `run rehearse` goes on with it$/u],
  ['REHEARSAL_REFUSED', /^the provider took none of the last messages: (?<then>.*)$/su],
  ['RUN_STATE', /^the run is (?<state>[A-Z]+|gone)$/u],
];

/** The labels of all channels, of a company's own too. */
const labels = channelNames
  .map((channel) => channels[channel].label.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  .join('|');

const brakesOfRuns: readonly Sentence[] = [
  ['BRAKES', /^a brake is on: (?<list>.*)$/su],
  [
    'BRAKE',
    new RegExp(
      `^(?<channel>${labels})(?: by (?<provider>[^:]+))?: ` +
        '(?:(?<kind>unreachable|unknown|settings|refusals|smsTurns)(?:: |$))?(?<then>.*)$',
      'su',
    ),
  ],
  ['BRAKE_UNKNOWN', /^no cause is known$/u],
];

const notApproved = '^its bills are not those that were approved: ';

const changedBills: readonly Sentence[] = [
  [
    'BILLS_MORE',
    new RegExp(
      `${notApproved}(?<approved>\\d+) bills were approved, and (?<bills>\\d+) are held now\\.`,
      'u',
    ),
  ],
  [
    'BILLS_SUM',
    new RegExp(
      `${notApproved}their sum was (?<approved>.*) when they were approved, and is (?<now>.*) now\\. Put`,
      'u',
    ),
  ],
  ['BILLS_EXCHANGED', new RegExp(`${notApproved}they are as many, with the same sum, but`, 'u')],
  ['BILLS_GONE', new RegExp(`${notApproved}(?<bills>\\d+) of them are gone, and beside that`, 'u')],
];

const helps: readonly Sentence[] = [
  ['HELP_RUN', /^the run is paused: `billcast run resume` lets it go on$/u],
  ['HELP_CLUSTER', /^the cluster is paused: `billcast resume` lets it go on$/u],
  ['HELP_BRAKE', /^a brake is on \((?<then>.*)\): repair the cause, or `billcast resume --channel`$/su],
  ['HELP_WAITING', /^(?<bills>[\d,]+) bills wait for the end of quiet hours or a back-off, or for their/u],
  ['HELP_NOTHING_MOVES', /^nothing goes through: `billcast status` and `billcast doctor` say why$/u],
  ['HELP_PACE', /^the run's own pace is the limit, (?<perSecond>[\d,.]+) bills per second: raise it$/u],
  ['HELP_RATES', /^PROVIDER_RATES is the limit, (?<perSecond>[\d,.]+) bills per second: ask the provider/u],
  ['HELP_SLOWED', /^the provider slows us down \((?<then>.*)\): ask it for more$/su],
  ['HELP_NO_LIMIT', /^no limit is reached with (?<dispatchers>\d+) dispatcher\(s\): start more, or look/u],
  ['HELP_WINDOWS', /^the send windows are closed for (?<share>[\d.]+ %) of the time that is left: widen/u],
  ['HELP_NO_WINDOW', /^no send window opens before the deadline$/u],
  [
    'HELP_NEED',
    /^(?<bills>[\d,]+) bills in time need (?<needed>[\d,.]+) bills per second(?:, and it makes (?<perSecond>[\d,.]+) bills per second)?$/u,
  ],
];

const jobs: readonly Sentence[] = [
  ['COLLECT_FAILED', /^its bills could not be looked at; the log of the api has the cause$/u],
  ['TOO_MANY_BILLS', /^it would move more than (?<bills>\d+) bills: narrow the selection$/u],
  ['COLLECTOR_GONE', /^the process that looked at its bills has ended: make the action again$/u],
  ['FORECAST_FAILED', /^it failed: the log of the api says why$/u],
];

const servers: readonly Sentence[] = [
  ['KAFKA_UNASKED', /^Kafka has not been asked yet\.$/u],
  ['KAFKA_UNREACHABLE', /^The lag could not be read from Kafka\. Check KAFKA_BROKERS/u],
  ['KAFKA_SILENT', /^Kafka has not answered within (?<seconds>\d+) s$/u],
  ['TOPIC_UNREAD', /^The topic could not be read from Kafka(?:: (?<then>.*)|\. Check .*)$/su],
  ['NO_TOPIC', /^There is no topic (?<topics>[^:]+): check TOPIC_/u],
  ['NUMBERS_UNREADABLE', /^The numbers cannot be read\.$/u],
  ['DATABASE_UNREACHABLE', /^PostgreSQL is unreachable:/u],
  ['DATABASE_CROWDED', /^PostgreSQL has no connection left:/u],
  ['DATABASE_LOGIN', /^PostgreSQL (?:does not let this user in:|wants a password, and)/u],
  ['DATABASE_MISSING', /^there is no such database:/u],
  ['DATABASE_SCHEMA', /^there is no schema to put tables into:/u],
  ['DATABASE_RIGHT', /^this role lacks a right:/u],
  ['DATABASE_TABLE', /^a table is missing:/u],
  ['DATABASE_READ_ONLY', /^PostgreSQL is read-only here, a standby:/u],
  ['DATABASE_TLS', /^PostgreSQL(?:'s certificate (?:cannot be|has expired|is for)| does not speak TLS:)/u],
];

/** The first that matches is used. */
export const sentences: readonly Sentence[] = [
  ...helps,
  ...brakesOfRuns,
  ...brakes,
  ...sends,
  ...changedBills,
  ...runs,
  ...jobs,
  ...servers,
  ...problemSentences,
];
