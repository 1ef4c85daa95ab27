import { h, type JSX } from 'preact';
import { common, pageNames, phrases } from '../words/commonWords.ts';
import { distance } from '../words/format.ts';
import { chooseLanguage, language, say } from '../words/language.ts';
import { help } from '../words/reportWords.ts';
import { chooseScheme, scheme, schemes } from './appearance.ts';
import { openDialog } from './dialogs.ts';
import { isId } from './idText.ts';
import { connection, holdFeed, isHeld, live, serverNow } from './liveFeed.ts';
import { pages } from './pageList.ts';
import { go } from './router.ts';
import { billIdKind, may, session, signOut } from './session.ts';
import { askPause } from './switchDialogs.ts';

/** The top of every page: the search for a bill, whether sending is on, and how old the numbers are. */
export function TopBar(): JSX.Element {
  const isIn = session.value.kind === 'in';
  return h(
    'header',
    { class: 'top' },
    h(
      'a',
      { class: 'brand', href: '/' },
      h('span', { class: 'logo', 'aria-hidden': 'true' }),
      h('span', { class: 'brand-name' }, 'billcast'),
    ),
    isIn && h(FindForm, null),
    h('div', { class: 'grow' }),
    isIn && h(SendingState, null),
    isIn && h(LiveState, null),
    h(Preferences, null),
  );
}

function FindForm(): JSX.Element {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const input = document.getElementById('find');
    const text = input instanceof HTMLInputElement ? input.value.trim() : '';
    if (isId(text, billIdKind())) go(`/bills/${encodeURIComponent(text)}`);
  };
  return h(
    'form',
    { class: 'find', role: 'search', onSubmit: submit },
    h('label', { class: 'unseen', for: 'find' }, say(common.find)),
    h('input', {
      id: 'find',
      ...(billIdKind() === 'bigint' && { inputMode: 'numeric', pattern: '[1-9][0-9]{0,18}' }),
      placeholder: say(common.findHint),
      autocomplete: 'off',
    }),
    h('kbd', { 'aria-hidden': 'true' }, '/'),
  );
}

function SendingState(): JSX.Element | null {
  const status = live.value?.status;
  if (status === undefined) return null;
  const { paused } = status.pause;
  const text = say(paused ? common.paused : common.running);
  const content = [
    h('span', { class: `lamp ${paused ? 'lamp-paused' : 'lamp-on'}`, 'aria-hidden': 'true' }),
    text,
  ];
  return may('control')
    ? h(
        'button',
        { type: 'button', class: 'plain sending', onClick: askPause, 'aria-haspopup': 'dialog' },
        content,
      )
    : h('span', { class: 'sending' }, content);
}

function LiveState(): JSX.Element {
  const state = connection.value;
  const asOf = live.value?.status.asOf;
  const text = {
    connecting: say(common.connecting),
    lost: say(common.lost),
    paused: say(common.held),
    open: asOf === undefined ? say(common.live) : say(phrases.counted)(distance(asOf, serverNow.value)),
  }[state];
  return h(
    'span',
    { class: `live live-${state}`, 'aria-live': 'off' },
    h('span', { class: 'pulse', 'aria-hidden': 'true' }),
    h(
      'span',
      { class: 'live-text' },
      state === 'lost' && asOf !== undefined
        ? `${text} ${say(phrases.counted)(distance(asOf, serverNow.value))}`
        : text,
    ),
    h(
      'button',
      { type: 'button', class: 'plain small', onClick: () => holdFeed(!isHeld.value) },
      say(isHeld.value ? common.goOn : common.hold),
    ),
  );
}

function Preferences(): JSX.Element {
  const facts = session.value.kind === 'in' ? session.value.facts : undefined;
  const names = { auto: common.themeAuto, light: common.themeLight, dark: common.themeDark };
  return h(
    'div',
    { class: 'preferences' },
    h(
      'button',
      {
        type: 'button',
        class: 'plain',
        lang: language.value === 'ko' ? 'en' : 'ko',
        onClick: () => chooseLanguage(language.value === 'ko' ? 'en' : 'ko'),
      },
      say(common.languageName),
    ),
    h(
      'select',
      {
        'aria-label': say(common.theme),
        value: scheme.value,
        onChange: ({ currentTarget }: { currentTarget: HTMLSelectElement }) =>
          chooseScheme(schemes.find((known) => known === currentTarget.value) ?? 'auto'),
      },
      schemes.map((known) => h('option', { key: known, value: known }, say(names[known]))),
    ),
    h('button', { type: 'button', class: 'plain', 'aria-label': say(help.title), onClick: showHelp }, '?'),
    facts !== undefined &&
      (facts.source === 'session'
        ? h(
            'button',
            {
              type: 'button',
              class: 'plain',
              title: say(phrases.signedIn)(facts.name),
              onClick: () => void signOut(),
            },
            say(common.signOut),
          )
        : h('span', { class: 'quiet who', title: facts.roles.join(', ') }, facts.name)),
  );
}

export function showHelp(): void {
  openDialog(say(help.title), () =>
    h(
      'dl',
      { class: 'keys' },
      [
        ['/', say(help.search)],
        ['j / k', say(help.rows)],
        [say(help.enter), say(help.open)],
        ['p', say(help.pause)],
        ...pages
          .filter(({ letter }) => letter !== null)
          .map(({ letter, name }) => [`g ${letter}`, say(pageNames[name])]),
        ['?', say(help.help)],
        [say(help.escape), say(help.close)],
      ].map(([key, text]) => h('div', { key }, h('dt', null, h('kbd', null, key)), h('dd', null, text))),
    ),
  );
}
