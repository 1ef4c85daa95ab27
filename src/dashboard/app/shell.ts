import { type ComponentChild, h, type JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { common, pageNames } from '../words/commonWords.ts';
import { say } from '../words/language.ts';
import { announce, announcement, DialogHost } from './dialogs.ts';
import { live } from './liveFeed.ts';
import { LiveReport } from './liveReport.ts';
import { findPage, pages } from './pageList.ts';
import { go, path } from './router.ts';
import { RunBanner } from './runBanner.ts';
import { may, session } from './session.ts';
import { SignInForm } from './signInForm.ts';
import { TopBar } from './topBar.ts';

/** The whole page: the frame, with the page of the address in it. */
export function Shell(): JSX.Element {
  const found = findPage(path.value);
  const title = found === undefined ? say(common.missing) : say(pageNames[found.page.name]);
  const name = found?.id ? `${title} ${found.id}` : title;
  useEffect(() => {
    document.title = `${name} · billcast`;
  });
  // A browser says the title of a page that it loads; this one changes without.
  const before = useRef(path.value);
  useEffect(() => {
    if (path.value !== before.current) announce(name);
    before.current = path.value;
  }, [path.value]);
  return h(
    'div',
    { class: 'shell' },
    h('a', { class: 'skip', href: '#content' }, say(common.skip)),
    h(TopBar, null),
    session.value.kind === 'in' && h(SideBar, null),
    h(
      'main',
      { id: 'content', tabIndex: -1 },
      session.value.kind === 'in' && h(RunBanner, null),
      h(Content, null),
    ),
    h(DialogHost, null),
    h('div', { class: 'unseen', role: 'status' }, announcement.value),
    h(LiveReport, null),
  );
}

function Content(): ComponentChild {
  switch (session.value.kind) {
    case 'asking':
      return h('p', { class: 'load quiet' }, say(common.loading));
    case 'out':
      return h(SignInForm, { trouble: session.value.trouble });
    case 'in': {
      const found = findPage(path.value);
      if (found === undefined) return h('p', { class: 'empty' }, say(common.missing));
      const { page, id } = found;
      return may(page.permission)
        ? h(page.show, { key: path.value, id })
        : h('p', { class: 'empty' }, say(common.notAllowed));
    }
    default:
      return session.value satisfies never;
  }
}

function SideBar(): JSX.Element {
  const here = findPage(path.value)?.page.name;
  return h(
    'nav',
    { class: 'side', 'aria-label': say(common.pages) },
    h(
      'ul',
      null,
      pages
        .filter(({ letter, permission }) => letter !== null && may(permission))
        .map(({ name, path: href, letter }) =>
          h(
            'li',
            { key: name },
            h(
              'a',
              { href, 'aria-current': here === name || isBelow(here, name) ? 'page' : undefined },
              h('span', null, say(pageNames[name])),
              badge(name),
              h('kbd', { 'aria-hidden': 'true' }, `g ${letter}`),
            ),
          ),
        ),
    ),
  );
}

function isBelow(here: string | undefined, name: string): boolean {
  switch (here) {
    case 'bill':
      return name === 'search';
    case 'action':
      return name === 'actions';
    case 'run':
    case 'planRun':
      return name === 'runs';
    default:
      return false;
  }
}

/** How much waits on a page, if anything does. */
function badge(name: string): JSX.Element | null {
  const status = live.value?.status;
  if (status === undefined) return null;
  const waiting: Readonly<Record<string, number>> = {
    doubts: status.inDoubt,
    failures: status.failed - status.retransmissions,
    providers: Object.values(status.brakes).filter(({ on, kind }) => on && kind !== 'pace').length,
    dispatchers: status.dispatchers.silent,
    actions: live.value?.actions.filter(({ state }) => state === 'RUNNING').length ?? 0,
  };
  const bills = waiting[name] ?? 0;
  return bills === 0 ? null : h('span', { class: `badge badge-${name}`, 'aria-live': 'off' }, short(bills));
}

/** Few digits: the exact number is on the page itself. */
function short(value: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** Goes to the page of a letter, for the keyboard. @returns whether there is one */
export function goToLetter(letter: string): boolean {
  const page = pages.find((known) => known.letter === letter && may(known.permission));
  if (page !== undefined) go(page.path);
  return page !== undefined;
}
