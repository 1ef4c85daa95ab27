import { type ComponentChild, h, type JSX } from 'preact';
import type { Action } from '../../api/contract/actionsContract.ts';
import { actionWords, leftAloneWord } from '../words/actionWords.ts';
import { channelWord } from '../words/channelWords.ts';
import { count, moment } from '../words/format.ts';
import { say } from '../words/language.ts';
import { billLink } from './billLink.ts';
import { commandText } from './commandText.ts';
import { stateMark } from './stateMark.ts';

/** What an action found: how many bills it moves, which it leaves alone and why, and the first of them. */
export function actionFacts(action: Action): JSX.Element {
  const { selected, count: eligible, notEligible, sample, asOf, expiresAt, state } = action;
  return h(
    'div',
    { class: 'action-facts' },
    h(
      'dl',
      { class: 'facts' },
      fact(
        say(state === 'READY' ? actionWords.eligible : actionWords.found),
        h('strong', null, count(eligible)),
      ),
      refusedFact(action),
      fact(say(actionWords.selected), count(selected)),
      ...notEligible.map(({ reason, count: bills }) =>
        fact(`${say(actionWords.notEligible)}: ${say(leftAloneWord(reason))}`, count(bills)),
      ),
      asOf !== null && fact(say(actionWords.asOf), moment(asOf)),
      state === 'READY' && fact(say(actionWords.expires), moment(expiresAt)),
    ),
    sample.length > 0 &&
      h(
        'details',
        { class: 'values' },
        h('summary', null, say(actionWords.sample)),
        h(
          'ul',
          { class: 'sample-list' },
          sample.map((bill) =>
            h(
              'li',
              { key: bill.billId },
              billLink(bill.billId, false),
              ' ',
              stateMark(bill.state),
              ` ${channelWord(bill.channel)} · ${bill.cycle}`,
            ),
          ),
        ),
      ),
  );
}

/**
 * How many bills of a retry that is not started yet were refused before. If there are too many to count, says
 * that they were not counted.
 */
function refusedFact({ kind, state, refusedBefore }: Action): JSX.Element | null {
  if (kind !== 'retry' || state !== 'READY') return null;
  return fact(
    say(actionWords.refusedBefore),
    refusedBefore === null ? commandText(say(actionWords.uncounted)) : count(refusedBefore),
  );
}

export function fact(name: string, value: ComponentChild): JSX.Element {
  return h('div', { key: name }, h('dt', null, name), h('dd', null, value));
}
