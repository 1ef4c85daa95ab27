import { h, type JSX } from 'preact';
import { useState } from 'preact/hooks';
import { troubleNote } from '../parts/notes.ts';
import { common } from '../words/commonWords.ts';
import { say } from '../words/language.ts';
import type { Answer, Trouble } from './askApi.ts';
import { announce, closeDialog, openDialog } from './dialogs.ts';

export interface Confirm {
  readonly title: string;
  /** The effects, one sentence each. */
  readonly effects: readonly string[];
  readonly reason: 'required' | 'optional' | 'none';
  readonly button: string;
  readonly isDangerous?: boolean;
  /** The announcement when it is done. */
  readonly done: string;
  run(reason: string | undefined): Promise<Answer<unknown>>;
}

/** Asks for the second of two clicks: shows what will happen and why, and the button that does it. */
export function confirm(asked: Confirm): void {
  openDialog(asked.title, () => h(ConfirmBody, asked));
}

function ConfirmBody({ effects, reason, button, isDangerous, done, run }: Confirm): JSX.Element {
  const [text, setText] = useState('');
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    const given = text.trim();
    const answer = await run(given === '' ? undefined : given);
    setBusy(false);
    if (answer.kind === 'trouble') return setTrouble(answer.trouble);
    announce(done);
    closeDialog();
  };
  return h(
    'form',
    { onSubmit: (event: Event) => void submit(event) },
    h(
      'ul',
      { class: 'effects' },
      effects.map((effect) => h('li', { key: effect }, effect)),
    ),
    reason !== 'none' && reasonField({ text, setText, isRequired: reason === 'required' }),
    trouble !== null && troubleNote(trouble),
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'button', onClick: closeDialog }, say(common.cancel)),
      h(
        'button',
        { type: 'submit', class: isDangerous ? 'danger' : 'primary', 'aria-disabled': isBusy },
        button,
      ),
    ),
  );
}

export function reasonField(field: {
  readonly text: string;
  readonly isRequired: boolean;
  setText(text: string): void;
}): JSX.Element {
  return h(
    'label',
    { class: 'field' },
    h('span', null, say(common.reason), ' ', field.isRequired ? '' : say(common.optional)),
    h('input', {
      name: 'reason',
      value: field.text,
      required: field.isRequired,
      minLength: 3,
      maxLength: 500,
      autocomplete: 'off',
      onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) => field.setText(currentTarget.value),
    }),
    h('small', null, say(common.reasonHelp)),
  );
}
