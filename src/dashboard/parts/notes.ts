import { type ComponentChild, h, type JSX } from 'preact';
import type { Trouble } from '../app/askApi.ts';
import { serverNow } from '../app/liveFeed.ts';
import type { Loaded } from '../app/useAnswer.ts';
import { common, phrases } from '../words/commonWords.ts';
import { distance, moment } from '../words/format.ts';
import { say } from '../words/language.ts';
import { problemTitle } from '../words/problemWords.ts';
import { toldNote } from './toldNote.ts';

/** What went wrong, in the language of the page, with a link to the page that explains it. */
export function troubleNote(trouble: Trouble): JSX.Element {
  const { type, code, errors = [] } = trouble;
  const { text, lang } = problemTitle(trouble);
  return h(
    'div',
    { class: 'trouble', role: 'alert' },
    h('strong', { lang }, text),
    ' ',
    troubleDetail(trouble),
    type?.startsWith('/') === true && [
      ' ',
      h('a', { href: type, target: '_blank', rel: 'noopener', hreflang: 'en' }, code),
    ],
    errors.length > 0 &&
      h(
        'ul',
        { class: 'lines' },
        errors.map(({ pointer, detail }) =>
          h('li', { key: pointer }, h('code', null, pointer), ' ', h('span', { lang: 'en' }, detail)),
        ),
      ),
  );
}

/** Details that the dashboard has no words for stay in English. */
function troubleDetail({ detail, detailTold = [] }: Trouble): ComponentChild {
  if (detail === undefined) return null;
  return detailTold.length === 0 ? h('span', { lang: 'en' }, detail) : toldNote(detailTold);
}

/** The age of facts. It changes each second, so screen readers skip it. */
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

/** How old an answer is that does not say it itself. */
export function readAge({ readAt }: Loaded<unknown>): JSX.Element | null {
  return readAt === null ? null : h(Age, { at: readAt });
}

/** A time as its distance from now, with the exact time on demand. */
export function When({ at }: { readonly at: string | null }): JSX.Element {
  return at === null
    ? h('span', { class: 'quiet' }, '–')
    : h('time', { dateTime: at, title: moment(at) }, distance(at, serverNow.value));
}

/** Shown while facts are loading, or if they cannot be loaded. */
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
