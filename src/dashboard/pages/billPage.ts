import { type ComponentChild, h, type JSX } from 'preact';
import type { BillExplanation, BillFacts } from '../../api/contract/billsContract.ts';
import { openAction } from '../app/actionDialog.ts';
import { may } from '../app/session.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { fact } from '../parts/actionFacts.ts';
import { BillPreview } from '../parts/billPreview.ts';
import { commandText } from '../parts/commandText.ts';
import { billHistory } from '../parts/historyList.ts';
import { Age, loadState, When } from '../parts/notes.ts';
import { pageHead } from '../parts/pageHead.ts';
import { ProofPanel } from '../parts/proofPanel.ts';
import { reasonText } from '../parts/reasonText.ts';
import { RevealedContact } from '../parts/revealedContact.ts';
import { openSettle } from '../parts/settleDialog.ts';
import { stateMark } from '../parts/stateMark.ts';
import { billWords, doers, stepsInKorean } from '../words/billWords.ts';
import { channelName } from '../words/channelWords.ts';
import { common, pageNames, phrases } from '../words/commonWords.ts';
import { count, moment, monthName } from '../words/format.ts';
import { language, say } from '../words/language.ts';
import { type State, stateMeanings } from '../words/stateWords.ts';

const everyMs = 5_000;

/** One bill: its state and the reason, the next step and its time, its history, and its message. */
export function billPage({ id }: { readonly id: string }): JSX.Element {
  const loaded = useAnswer<BillExplanation>(`/bills/${encodeURIComponent(id)}`, { everyMs });
  const { value } = loaded;
  return h(
    'div',
    { class: 'bill' },
    pageHead(
      [say(pageNames.bill), ' ', h('span', { class: 'bill-id' }, id)],
      value === null ? null : stateLine(value),
      value !== null && h(Age, { at: value.asOf }),
    ),
    loadState(loaded),
    value !== null && details(value),
  );
}

function stateLine({ bill, asOf }: BillExplanation): ComponentChild {
  return bill === null ? say(billWords.noRow) : [stateMark(stateOf(bill, asOf)), ' ', reasonOf(bill)];
}

function details(explained: BillExplanation): JSX.Element {
  const { billId, bill } = explained;
  return h(
    'div',
    { class: 'columns' },
    h(
      'div',
      null,
      standingPanel(explained),
      nextStep(explained),
      bill !== null && h('div', { class: 'buttons' }, buttonsOf(billId, bill)),
      billHistory(explained),
    ),
    bill !== null &&
      h(
        'div',
        null,
        facts(bill),
        may('reveal') && h(RevealedContact, { billId }),
        may('preview') && h(BillPreview, { billId }),
        may('readHistory') && h(ProofPanel, { billId }),
      ),
  );
}

/** The API tells more than one sentence per state, but only in English. */
function standingPanel({ standing, bill, asOf }: BillExplanation): JSX.Element {
  const lines = standing.map((line) => h('p', { key: line, lang: 'en' }, commandText(line)));
  if (language.value === 'en' || bill === null) return h('section', { class: 'panel standing' }, lines);
  return h(
    'section',
    { class: 'panel standing' },
    h('p', null, say(stateMeanings[stateOf(bill, asOf)])),
    h('details', { class: 'values' }, h('summary', null, say(billWords.english)), lines),
  );
}

/** Pure: the state as the search names it: HELD and WAITING are told apart from PENDING. */
export function stateOf({ sendStatus, publishStatus, notBefore }: BillFacts, asOf: string): State {
  if (sendStatus !== 'PENDING') return sendStatus;
  if (publishStatus === 'HELD') return 'HELD';
  return notBefore !== null && notBefore > asOf ? 'WAITING' : 'PENDING';
}

function reasonOf({ reason }: BillFacts): JSX.Element | null {
  return reason === null ? null : reasonText(reason);
}

function nextStep({ next }: BillExplanation): JSX.Element {
  const isKorean = language.value === 'ko';
  return h(
    'section',
    { class: 'panel next-step', 'aria-labelledby': 'next-title' },
    h('h2', { id: 'next-title' }, say(billWords.next)),
    h('p', null, isKorean ? stepsInKorean[next.step] : commandText(next.text)),
    h(
      'p',
      { class: 'quiet' },
      next.by !== 'nobody' && say(phrases.by)(say(doers[next.by])),
      next.at !== null && [' · ', h(When, { at: next.at }), ` (${moment(next.at)})`],
    ),
  );
}

function facts(bill: BillFacts): JSX.Element {
  return h(
    'section',
    { class: 'panel' },
    h(
      'dl',
      { class: 'facts' },
      fact(say(common.month), monthName(bill.month)),
      fact(say(common.channel), channelName(bill.channel)),
      fact(say(common.cycle), count(bill.cycle)),
      fact(say(common.changed), h(When, { at: bill.changedAt })),
      bill.run !== null &&
        fact(say(pageNames.run), h('a', { href: `/runs/${encodeURIComponent(bill.run)}` }, bill.run)),
      bill.dispatcher !== null && fact(say(billWords.dispatcher), bill.dispatcher),
    ),
  );
}

/** The actions that are possible for this bill in its state, and allowed to the reader. */
function buttonsOf(billId: string, { sendStatus }: BillFacts): JSX.Element[] {
  if (!may('actOnOneBill') && !may('actOnBills')) return [];
  const selection = { billIds: [billId] };
  const button = (text: string, onClick: () => void, kind = ''): JSX.Element =>
    h('button', { key: text, type: 'button', class: kind, 'aria-haspopup': 'dialog', onClick }, text);
  switch (sendStatus) {
    case 'FAILED':
      return [button(say(billWords.retry), () => openAction({ kind: 'retry', selection }), 'primary')];
    case 'DELIVERED':
      return [button(say(billWords.resend), () => openAction({ kind: 'resend', selection }))];
    case 'IN_DOUBT':
      return may('actOnBills') ? [button(say(billWords.settle), () => openSettle(selection), 'primary')] : [];
    case 'PENDING':
    case 'SENDING':
      return may('actOnBills')
        ? [button(say(billWords.cancelBill), () => openAction({ kind: 'cancel', selection }), 'danger')]
        : [];
    case 'SENT':
    case 'CANCELLED':
      return [];
    default:
      return sendStatus satisfies never;
  }
}
