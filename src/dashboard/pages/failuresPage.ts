import { h, type JSX } from 'preact';
import type { FailureGroup, Failures } from '../../api/contract/failuresContract.ts';
import { openAction } from '../app/actionDialog.ts';
import { query, withQuery } from '../app/router.ts';
import { may } from '../app/session.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { billLink } from '../parts/billLink.ts';
import { dataTable } from '../parts/dataTable.ts';
import { monthFilter } from '../parts/monthFilter.ts';
import { Age, emptyNote, loadState, When } from '../parts/notes.ts';
import { pageHead } from '../parts/pageHead.ts';
import { reasonText } from '../parts/reasonText.ts';
import { actionWords } from '../words/actionWords.ts';
import { pageNames } from '../words/commonWords.ts';
import { count } from '../words/format.ts';
import { say } from '../words/language.ts';
import { failuresWords } from '../words/pageWords.ts';

const everyMs = 10_000;

export function failuresPage(): JSX.Element {
  const month = query.value.get('month') ?? '';
  const loaded = useAnswer<Failures>(`/failures${month === '' ? '' : `?month=${month}`}`, { everyMs });
  const { value } = loaded;
  return h(
    'div',
    null,
    pageHead(say(pageNames.failures), say(failuresWords.intro), value !== null && h(Age, { at: value.asOf })),
    monthFilter(month, (chosen) => withQuery({ month: chosen })),
    loadState(loaded),
    value !== null &&
      (value.groups.length === 0 ? emptyNote(say(failuresWords.none)) : table(value.groups, month)),
  );
}

function table(groups: readonly FailureGroup[], month: string): JSX.Element {
  return dataTable<FailureGroup>(
    say(pageNames.failures),
    [
      { head: say(failuresWords.group), cell: nameOf, isHead: true },
      { head: say(failuresWords.bills), cell: (group) => count(group.count), isNumber: true },
      {
        head: say(failuresWords.byThemselves),
        cell: (group) => count(group.retransmissions),
        isNumber: true,
      },
      { head: say(failuresWords.first), cell: ({ firstAt }) => h(When, { at: firstAt }) },
      { head: say(failuresWords.last), cell: ({ lastAt }) => h(When, { at: lastAt }) },
      { head: say(failuresWords.sample), cell: sampleOf },
      { head: say(actionWords.kind), cell: (group) => retryButton(group, month) },
    ],
    groups.map((row) => ({ key: row.reason, row })),
  );

  function nameOf({ reason, meaning }: FailureGroup): JSX.Element {
    const filters = new URLSearchParams({ state: 'FAILED', reason, ...(month !== '' && { month }) });
    return h('a', { href: `/search?${filters}`, 'data-row': '' }, reasonText(reason, meaning));
  }
}

function sampleOf({ sample }: FailureGroup): JSX.Element {
  return h(
    'span',
    { class: 'sample' },
    sample.slice(0, 3).map((id) => [billLink(id, false), ' ']),
  );
}

function retryButton({ reason }: FailureGroup, month: string): JSX.Element | false {
  return (
    may('actOnBills') &&
    h(
      'button',
      {
        type: 'button',
        'aria-haspopup': 'dialog',
        onClick: () => openAction({ kind: 'retry', selection: { reason, ...(month !== '' && { month }) } }),
      },
      say(failuresWords.retry),
    )
  );
}
