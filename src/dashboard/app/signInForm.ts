import { h, type JSX } from 'preact';
import { troubleNote } from '../parts/notes.ts';
import { common } from '../words/commonWords.ts';
import { say } from '../words/language.ts';
import type { Trouble } from './askApi.ts';
import { signIn } from './session.ts';

export function SignInForm({ trouble }: { readonly trouble: Trouble | null }): JSX.Element {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const input = document.getElementById('token');
    if (input instanceof HTMLInputElement) void signIn(input.value.trim());
  };
  return h(
    'form',
    { class: 'sign-in panel', onSubmit: submit },
    h('h1', null, say(common.signIn)),
    h(
      'label',
      { class: 'field' },
      h('span', null, say(common.token)),
      h('input', { id: 'token', type: 'password', required: true, autocomplete: 'current-password' }),
      h('small', null, say(common.tokenHelp)),
    ),
    trouble !== null && troubleNote(trouble),
    h('div', { class: 'buttons' }, h('button', { type: 'submit', class: 'primary' }, say(common.signIn))),
  );
}
