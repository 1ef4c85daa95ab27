import type { ToldCode } from '../contract/toldContract.ts';

type Sentence = readonly [code: ToldCode, pattern: RegExp];

const identities: readonly Sentence[] = [
  ['NEEDS_ROLE', /^This needs the permission (?<permission>\w+): the role (?<roles>[^.]+)\. A token may/u],
  ['ONE_BILL_ROLE', /^This role may retry or resend one bill at a time, by its id\.$/u],
  ['TOKEN_UNKNOWN', /^There is no such token, or it has expired\.$/u],
  ['TOKEN_PAST', /^the token would expire in the past: choose a later time$/u],
  ['TOKENS_LAST', /^without API_TOKENS everybody on this machine is administrator, and a token would close/u],
];

const bills: readonly Sentence[] = [
  ['ACTION_STATE', /^It is (?<state>[A-Z]+)\.$/u],
  ['LETTER_GONE', /^Its bytes are no longer there\.$/u],
  ['LETTER_NOT_SENT', /^Nothing was sent again: (?<then>.*)$/su],
  ['LETTER_PERHAPS_SENT', /^It may have been sent, and to send it once more does no harm: (?<then>.*)$/su],
  ['CONTACT_FORM', /^this is neither an e-mail address nor a phone number$/u],
  ['KEYS_UNSET', /^(?:contacts are found by|addresses are kept as) keyed hashes: set CIPHER_KEYS/u],
  ['RENDER_FAILED', /^(?<reason>[A-Z][A-Z\d]*_[A-Z\d_]+): (?<words>.*)$/su],
];

const runs: readonly Sentence[] = [
  ['RUN_CANNOT', /^run \S+: it is (?<state>[A-Z]+), so it cannot be (?<verb>\w+): /u],
  [
    'RUN_NOT_DONE',
    /^run \S+ is (?<state>[A-Z]+): (?:only a run that is DONE can|its manifest is made when)/u,
  ],
  ['RUN_SEEN_OLD', /^run \S+ (?:has changed meanwhile|has another plan|was changed just now).*: look at it/u],
  ['RUN_AT_ONCE', /^run \S+ was released at once by publish: /u],
  ['RUN_NAME_TAKEN', /^there is a run (?<run>\S+) already: give another id$/u],
  ['RUN_NAME_FORM', /^the id of a run has small letters, digits and hyphens, at most 63$/u],
  ['RUN_ASKED_BY', /^(?<who>.+) asked for .+: it is \w+ by another person$/u],
  ['RUN_OTHER_BILLS', /^the bills of run \S+ are not those that were approved: /u],
  ['RUN_OTHER_TEMPLATES', /^run \S+ was approved with template (?<approved>.+), and these are others: /u],
  ['RUN_EDITED', /^the plan of run \S+ in the database is not the one that was approved: /u],
  ['BILLS_ON_THEIR_WAY', /^bills still wait, are on their way or are sent again by themselves: sign when/u],
  ['REPORT_OFF', /^the report does not add up \((?<words>.*)\)\. To sign it all the same, say why/su],
  ['OVERRULE_WHY', /^(?<code>\w+) holds run \S+: say with a reason why the rest may go out$/u],
  ['SEEDS_UNSET', /^there are no seed addresses: set SEED_EMAIL or SEED_PHONE$/u],
  ['SEEDS_NO_BILLS', /^run \S+ has no bills to show$/u],
  ['SAFE_MODE', /^.+ is refused while (?<setting>[A-Z_]+) is set, since members would get the bills: /u],
  ['REHEARSAL_UNSET', /^a rehearsal needs DELIVER_ONLY_TO=.* or REDIRECT_ALL_TO=/u],
  ['REHEARSED_ELSEWHERE', /^another process rehearses run \S+ now: /u],
];

/** All that a selection may lack, in this order. */
const notPlannable = [
  String.raw`(?:(?<gone>[\d,]+) (?:is|are) released or cancelled already(?:; )?)?`,
  String.raw`(?:(?<later>[\d,]+) (?:is|are) held, but by changed_at only after .* set changed_at of these rows to now\(\)(?:; )?)?`,
  String.raw`(?:(?<unregistered>[\d,]+) bills? of (?<month>[\d-]+) waits? for [^;]*(?:; )?)?`,
  String.raw`(?:(?<unknown>[\d,]+) (?:is|are) unknown)?`,
].join('');

const plans: readonly Sentence[] = [
  ['NOTHING_SELECTED', /^the selection names no bill: plan the run when the billing batch has written/u],
  ['NONE_PLANNABLE', new RegExp(`^no bill of this selection can be planned: ${notPlannable}$`, 'u')],
  ['DEADLINE_PAST', /^the deadline (?<deadline>.+) is past: it is (?<now>.+)$/u],
  ['DEADLINE_FIRST', /^nothing goes out before (?<opens>.+), which is not before the deadline /u],
];

const statements: readonly Sentence[] = [
  ['STATEMENT_UNREADABLE', /^(?<file>.*) cannot be read as CSV: (?<words>.*)$/su],
  ['STATEMENT_COLUMNS', /^(?<file>.*) has the columns (?<columns>.*): say which one is the id or our key/su],
  ['STATEMENT_NO_COLUMN', /^(?<file>.*) has no column (?<column>.*): it has (?<columns>.*)$/su],
  ['STATEMENT_COST', /^line (?<line>\d+) of the statement: the cost (?<cost>.*) is no number$/su],
  [
    'STATEMENT_LONG',
    /^(?<file>.*) has more than (?<most>[\d,]+) messages, the most that are compared here: /su,
  ],
  ['STATEMENT_SLOW', /^The database took too long to compare the statement, and nothing of it is kept\. /u],
  [
    'STATEMENT_PROVIDER',
    /^(?<provider>.*) accepted nothing of this run, and no channel uses it: (?<known>.*) are/su,
  ],
];

/** Why the API refuses a request of the page. */
export const problemSentences: readonly Sentence[] = [
  ...identities,
  ...runs,
  ...plans,
  ...statements,
  ...bills,
];
