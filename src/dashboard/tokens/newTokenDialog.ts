import { h, type JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { TokenCreated } from '../../api/contract/tokensContract.ts';
import { ask, type Trouble } from '../app/askApi.ts';
import { reasonField } from '../app/confirmDialog.ts';
import { announce, closeDialog, openDialog } from '../app/dialogs.ts';
import { serverNow } from '../app/liveFeed.ts';
import { troubleNote } from '../parts/notes.ts';
import { common } from '../words/commonWords.ts';
import { count } from '../words/format.ts';
import { say } from '../words/language.ts';
import { roleWords, tokenPhrases, tokenWords } from './tokenWords.ts';

const lifeDays = [30, 90, 365] as const;
const dayMs = 86_400_000;

/** Asks who the token is for, and shows it once. */
export function openNewToken(onMade: () => void): void {
  openDialog(say(tokenWords.createTitle), () => h(NewToken, { onMade }));
}

function NewToken({ onMade }: { readonly onMade: () => void }): JSX.Element {
  const [made, setMade] = useState<TokenCreated | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [reason, setReason] = useState('');
  const submit = async (form: HTMLFormElement): Promise<void> => {
    const given = new FormData(form);
    const roles = given.getAll('role');
    if (roles.length === 0) {
      return setTrouble({ code: 'OURS', title: say(tokenWords.pickRole), status: 400 });
    }
    const days = Number(given.get('days'));
    const expiresAt = days === 0 ? null : new Date(serverNow.peek() + days * dayMs).toISOString();
    const body = { name: given.get('name'), roles, expiresAt, reason: reason.trim() };
    const answer = await ask<TokenCreated>('/tokens', { method: 'POST', body });
    if (answer.kind === 'trouble') return setTrouble(answer.trouble);
    announce(say(tokenWords.created));
    setMade(answer.value);
    onMade();
  };
  if (made !== null) return h(ShownOnce, made);
  return h(
    'form',
    {
      onSubmit: (event: SubmitEvent) => {
        event.preventDefault();
        if (event.currentTarget instanceof HTMLFormElement) void submit(event.currentTarget);
      },
    },
    nameField(),
    h('fieldset', null, h('legend', null, say(tokenWords.roles)), Object.keys(roleWords).map(roleChoice)),
    lifeField(),
    reasonField({ text: reason, setText: setReason, isRequired: true }),
    trouble !== null && troubleNote(trouble),
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'button', onClick: closeDialog }, say(common.cancel)),
      h('button', { type: 'submit', class: 'primary' }, say(tokenWords.createTitle)),
    ),
  );
}

function nameField(): JSX.Element {
  return h(
    'label',
    { class: 'field' },
    h('span', null, say(tokenWords.name)),
    h('input', {
      name: 'name',
      required: true,
      pattern: '[A-Za-z0-9_.@\\-]{1,64}',
      maxLength: 64,
      autocomplete: 'off',
    }),
    h('small', null, say(tokenWords.nameHelp)),
  );
}

function roleChoice(role: string): JSX.Element {
  return h(
    'label',
    { key: role, class: 'choice' },
    h('input', { type: 'checkbox', name: 'role', value: role }),
    h(
      'span',
      null,
      h('strong', null, role),
      ' ',
      h('small', null, say(roleWords[role as keyof typeof roleWords])),
    ),
  );
}

function lifeField(): JSX.Element {
  return h(
    'label',
    { class: 'field' },
    h('span', null, say(tokenWords.expires)),
    h(
      'select',
      { name: 'days' },
      lifeDays.map((days) =>
        h('option', { key: days, value: days, selected: days === 90 }, say(tokenPhrases.days)(count(days))),
      ),
      h('option', { value: 0 }, say(tokenWords.never)),
    ),
  );
}

/** Shows the token, which is possible only now. */
function ShownOnce({ token }: TokenCreated): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(token);
    setCopied(true);
  };
  return h(
    'div',
    null,
    h('p', null, say(tokenWords.created), ' ', h('strong', null, say(tokenWords.shownOnce))),
    h('input', {
      class: 'secret',
      'aria-label': say(common.token),
      readOnly: true,
      value: token,
      onFocus: ({ currentTarget }: { currentTarget: HTMLInputElement }) => currentTarget.select(),
    }),
    h(
      'div',
      { class: 'buttons' },
      h('span', { role: 'status' }, isCopied && say(tokenWords.copied)),
      // If the page came without TLS from another host, browsers offer no clipboard.
      window.isSecureContext &&
        h('button', { type: 'button', onClick: () => void copy() }, say(tokenWords.copy)),
      h('button', { type: 'button', class: 'primary', onClick: closeDialog }, say(common.close)),
    ),
  );
}
