import { h, type JSX } from 'preact';
import type { FoundBill, SearchAnswer } from '../../api/contract/searchContract.ts';
import { foundMembers, memberId } from '../app/memberSearch.ts';
import { query, withQuery } from '../app/router.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { billLink } from '../parts/billLink.ts';
import { dataTable } from '../parts/dataTable.ts';
import { foundMembersNote } from '../parts/foundMembersNote.ts';
import { nextPage } from '../parts/nextPage.ts';
import { emptyNote, loadState, readAge, When } from '../parts/notes.ts';
import { pageHead } from '../parts/pageHead.ts';
import { reasonText } from '../parts/reasonText.ts';
import { SearchForm } from '../parts/searchForm.ts';
import { stateMark } from '../parts/stateMark.ts';
import { channelName } from '../words/channelWords.ts';
import { common, pageNames } from '../words/commonWords.ts';
import { count, monthName } from '../words/format.ts';
import { say } from '../words/language.ts';
import { searchPhrases, searchWords } from '../words/pageWords.ts';

/** The conditions in the page's address, by their names in the API. */
const conditions = ['month', 'state', 'channel', 'reason', 'changedFrom', 'changedBefore', 'after'] as const;

export function searchPage(): JSX.Element {
  const given = query.value;
  const isAsked = [...given.keys()].length > 0 || memberId.value !== '';
  // A contact was searched for and no member is chosen: the other conditions alone would find everybody's
  // bills.
  const isNobodys = foundMembers.value !== null && memberId.value === '';
  return h(
    'div',
    null,
    pageHead(say(pageNames.search), say(searchWords.private)),
    h(SearchForm, { key: given.toString() }),
    foundMembersNote(),
    isNobodys
      ? null
      : isAsked
        ? h(Found, { body: searchBody(given, memberId.value) })
        : emptyNote(say(searchWords.start)),
  );
}

/** Pure: the request to the API, from the page's address and the member's id. */
export function searchBody(given: URLSearchParams, member: string): Record<string, unknown> {
  const asked = conditions.flatMap((name) => {
    const value = given.get(name);
    return value === null || value === ''
      ? []
      : [[name, name.startsWith('changed') ? instantOf(value) : value]];
  });
  return { ...Object.fromEntries(asked), ...(member !== '' && { memberId: member }), limit: 50 };
}

/** A time in a form has no zone: it is in the reader's. */
function instantOf(text: string): string {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : at.toISOString();
}

function Found({ body }: { readonly body: Record<string, unknown> }): JSX.Element {
  const loaded = useAnswer<SearchAnswer>('/bills/search', { body });
  const { value } = loaded;
  return h(
    'div',
    { 'aria-busy': loaded.isLoading },
    loadState(loaded),
    value !== null &&
      (value.items.length === 0 && value.searched.complete
        ? emptyNote(say(searchWords.none))
        : table(value.items)),
    value !== null &&
      h(
        'p',
        { class: 'quiet searched', role: 'status' },
        say(value.searched.complete ? searchPhrases.complete : searchPhrases.partly)(
          count(value.searched.rows),
        ),
        ' ',
        readAge(loaded),
      ),
    value !== null && nextPage(value.next, (after) => withQuery({ after })),
  );
}

function table(bills: readonly FoundBill[]): JSX.Element {
  return dataTable<FoundBill>(
    say(common.bills),
    [
      { head: say(common.bill), isHead: true, cell: ({ billId }) => billLink(billId) },
      { head: say(common.state), cell: ({ state }) => stateMark(state) },
      { head: say(common.month), cell: ({ month }) => monthName(month) },
      { head: say(common.channel), cell: ({ channel }) => channelName(channel) },
      { head: say(common.cycle), cell: ({ cycle }) => count(cycle), isNumber: true },
      { head: say(searchWords.attempts), cell: ({ attempts }) => count(attempts), isNumber: true },
      { head: say(common.why), cell: ({ reason }) => reasonText(reason) },
      { head: say(common.changed), cell: ({ changedAt }) => h(When, { at: changedAt }) },
      { head: say(searchWords.due), cell: ({ dueAt }) => h(When, { at: dueAt }) },
    ],
    bills.map((row) => ({ key: row.billId, row })),
  );
}
