import { h, type JSX } from 'preact';
import type { Trouble } from '../app/askApi.ts';
import { serverNow } from '../app/liveFeed.ts';
import type { Loaded } from '../app/useAnswer.ts';
import { common, phrases } from '../words/commonWords.ts';
import { distance, moment } from '../words/format.ts';
import { say } from '../words/language.ts';

/** What went wrong, in the API's own words, with the page that explains it. */
export function troubleNote({ title, detail, type, code }: Trouble): JSX.Element {
  return h(
    'p',
    { class: 'trouble', role: 'alert' },
    h('strong', null, code === 'NOT_ALLOWED' ? say(common.notAllowed) : title),
    detail !== undefined && [' ', detail],
    type?.startsWith('/') === true && [' ', h('a', { href: type, target: '_blank', rel: 'noopener' }, code)],
  );
}

/** How old facts are: it ticks, so a screen reader leaves it alone. */
export function Age({
  at,
  word = phrases.readAt,
}: {
  readonly at: string;
  readonly word?: typeof phrases.readAt | typeof phrases.counted;
}): JSX.Element {
  return h(
    'span',
    { class: 'age', title: moment(at), 'aria-live': 'off' },
    say(word)(distance(at, serverNow.value)),
  );
}

/** A time as a distance, exact on demand. */
export function When({ at }: { readonly at: string | null }): JSX.Element {
  return at === null
    ? h('span', { class: 'quiet' }, '–')
    : h('time', { dateTime: at, title: moment(at) }, distance(at, serverNow.value));
}

/** What stands in place of facts that are not there (yet). */
export function loadState({ value, trouble, reload }: Loaded<unknown>): JSX.Element | null {
  if (trouble !== null) {
    return h(
      'div',
      { class: 'load' },
      troubleNote(trouble),
      h('button', { type: 'button', onClick: reload }, say(common.retry)),
    );
  }
  return value === null ? h('p', { class: 'load quiet', 'aria-busy': 'true' }, say(common.loading)) : null;
}

export function emptyNote(text: string): JSX.Element {
  return h('p', { class: 'empty' }, text);
}
