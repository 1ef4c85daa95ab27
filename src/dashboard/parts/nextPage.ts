import { h, type JSX } from 'preact';
import { query, withQuery } from '../app/router.ts';
import { common } from '../words/commonWords.ts';
import { say } from '../words/language.ts';

/** Links to the next page of a list, and back to its first. */
export function nextPage(next: string | null, addressOf: (next: string) => string): JSX.Element | null {
  const isFirst = query.value.get('after') === null;
  if (isFirst && next === null) return null;
  return h(
    'nav',
    { class: 'pager', 'aria-label': say(common.more) },
    !isFirst && h('a', { class: 'button', href: withQuery({ after: undefined }) }, say(common.first)),
    next !== null && h('a', { class: 'button', href: addressOf(next) }, say(common.more)),
  );
}
