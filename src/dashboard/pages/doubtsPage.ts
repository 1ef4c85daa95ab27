import { h, type JSX } from 'preact';
import type { Doubt, Doubts } from '../../api/contract/doubtsContract.ts';
import { query, withQuery } from '../app/router.ts';
import { may } from '../app/session.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { billLink } from '../parts/billLink.ts';
import { dataTable } from '../parts/dataTable.ts';
import { monthFilter } from '../parts/monthFilter.ts';
import { nextPage } from '../parts/nextPage.ts';
import { Age, emptyNote, loadState, When } from '../parts/notes.ts';
import { pageHead } from '../parts/pageHead.ts';
import { reasonText } from '../parts/reasonText.ts';
import { openSettle } from '../parts/settleDialog.ts';
import { actionWords } from '../words/actionWords.ts';
import { channelName } from '../words/channelWords.ts';
import { common, pageNames } from '../words/commonWords.ts';
import { count } from '../words/format.ts';
import { say } from '../words/language.ts';
import { doubtsWords } from '../words/pageWords.ts';

const everyMs = 10_000;

export function doubtsPage(): JSX.Element {
  const month = query.value.get('month') ?? '';
  const after = query.value.get('after');
  const asked = new URLSearchParams({
    limit: '50',
    ...(month !== '' && { month }),
    ...(after !== null && { after }),
  });
  const loaded = useAnswer<Doubts>(`/doubts?${asked}`, { everyMs });
  const { value } = loaded;
  return h(
    'div',
    null,
    pageHead(
      [say(pageNames.doubts), value !== null && h('span', { class: 'total' }, count(value.total))],
      say(doubtsWords.intro),
      value !== null && h(Age, { at: value.asOf }),
    ),
    monthFilter(month, (chosen) => withQuery({ month: chosen, after: undefined })),
    month !== '' && value !== null && value.total > 0 && settleAll(month),
    loadState(loaded),
    value !== null && (value.items.length === 0 ? emptyNote(say(doubtsWords.none)) : table(value.items)),
    value !== null && nextPage(value.next, (next) => withQuery({ after: next })),
  );
}

/** The button is missing if no month is chosen: nobody knows the answer for all doubts at once. */
function settleAll(month: string): JSX.Element | false {
  return (
    may('actOnBills') &&
    h(
      'div',
      { class: 'filters' },
      h(
        'button',
        { type: 'button', 'aria-haspopup': 'dialog', onClick: () => openSettle({ month }) },
        say(doubtsWords.settleAll),
      ),
    )
  );
}

function table(doubts: readonly Doubt[]): JSX.Element {
  return dataTable<Doubt>(
    say(pageNames.doubts),
    [
      { head: say(common.bill), isHead: true, cell: ({ billId }) => billLink(billId) },
      { head: say(common.channel), cell: ({ channel }) => channelName(channel) },
      { head: say(common.cycle), cell: ({ cycle }) => count(cycle), isNumber: true },
      { head: say(doubtsWords.key), cell: ({ key }) => h('code', null, key) },
      { head: say(common.since), cell: ({ since }) => h(When, { at: since }) },
      { head: say(common.why), cell: ({ reason }) => reasonText(reason) },
      {
        head: say(doubtsWords.lookup),
        cell: ({ nextLookupAt }) =>
          nextLookupAt === null
            ? h('span', { class: 'quiet' }, say(doubtsWords.noLookup))
            : h(When, { at: nextLookupAt }),
      },
      {
        head: say(actionWords.kind),
        cell: ({ billId }) =>
          may('actOnBills') &&
          h(
            'button',
            { type: 'button', 'aria-haspopup': 'dialog', onClick: () => openSettle({ billIds: [billId] }) },
            say(doubtsWords.settle),
          ),
      },
    ],
    doubts.map((row) => ({ key: row.billId, row })),
  );
}
