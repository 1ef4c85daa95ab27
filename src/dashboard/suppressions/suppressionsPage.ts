import { h, type JSX } from 'preact';
import { useState } from 'preact/hooks';
import type {
  SuppressionEntry,
  SuppressionPage,
  SuppressionsFound,
} from '../../api/contract/suppressionsContract.ts';
import { isId } from '../app/idText.ts';
import { query, withQuery } from '../app/router.ts';
import { billIdKind } from '../app/session.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { nextPage } from '../parts/nextPage.ts';
import { emptyNote, loadState, readAge } from '../parts/notes.ts';
import { pageHead } from '../parts/pageHead.ts';
import { pageNames } from '../words/commonWords.ts';
import { say } from '../words/language.ts';
import { SuppressionForm } from './suppressionForm.ts';
import { suppressionTable } from './suppressionTable.ts';
import { suppressionWords } from './suppressionWords.ts';

/** Addresses that nothing is sent to. The person who is searched for does not go into the page's address. */
export function suppressionsPage(): JSX.Element {
  const [who, setWho] = useState('');
  const given = query.value;
  return h(
    'div',
    null,
    pageHead(say(pageNames.suppressions), say(suppressionWords.intro)),
    h(SuppressionForm, { key: given.toString(), who, setWho }),
    who === '' || isId(who, billIdKind())
      ? h(Listed, { path: listPath(given, who), isNarrow: who !== '' || given.has('channel') })
      : h(OfContact, { contact: who }),
  );
}

/** Pure: the path at the API, from the page's address and the member's id. */
export function listPath(given: URLSearchParams, memberId: string): string {
  const asked = new URLSearchParams({ limit: '50' });
  for (const name of ['channel', 'all', 'after']) {
    const value = given.get(name) ?? '';
    if (value !== '') asked.set(name, value);
  }
  if (memberId !== '') asked.set('memberId', memberId);
  return `/suppressions?${asked}`;
}

function Listed({ path, isNarrow }: { readonly path: string; readonly isNarrow: boolean }): JSX.Element {
  const loaded = useAnswer<SuppressionPage>(path);
  const { value, reload } = loaded;
  const none = isNarrow ? suppressionWords.noneOfThese : suppressionWords.none;
  return h(
    'div',
    { 'aria-busy': loaded.isLoading },
    loadState(loaded),
    h('p', { class: 'listed' }, readAge(loaded)),
    value !== null && entries(value.items, say(none), reload),
    value !== null && nextPage(value.next, (after) => withQuery({ after })),
  );
}

function OfContact({ contact }: { readonly contact: string }): JSX.Element {
  const loaded = useAnswer<SuppressionsFound>('/suppressions/search', { body: { contact } });
  const { value, reload } = loaded;
  return h(
    'div',
    { 'aria-busy': loaded.isLoading },
    loadState(loaded),
    value !== null && entries(value.items, say(suppressionWords.noneFound), reload),
  );
}

function entries(items: readonly SuppressionEntry[], none: string, reload: () => void): JSX.Element {
  return items.length === 0 ? emptyNote(none) : suppressionTable(items, reload);
}
