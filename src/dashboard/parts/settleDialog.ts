import { h, type JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type Asked, openAction } from '../app/actionDialog.ts';
import { closeDialog, openDialog } from '../app/dialogs.ts';
import { actionKindWords, actionWords } from '../words/actionWords.ts';
import { common } from '../words/commonWords.ts';
import { say } from '../words/language.ts';
import { doubtsWords } from '../words/pageWords.ts';

type Resolve = Extract<Asked, { readonly kind: 'resolve' }>;

const verdicts = ['delivered', 'resend', 'failed'] as const satisfies readonly Resolve['verdict'][];

/** Asks what a person knows about bills in doubt. A dry run follows; nothing moves before that. */
export function openSettle(selection: Resolve['selection']): void {
  openDialog(`${say(actionKindWords.resolve)}…`, () => h(VerdictForm, { selection }));
}

function VerdictForm({ selection }: { readonly selection: Resolve['selection'] }): JSX.Element {
  const [verdict, setVerdict] = useState<Resolve['verdict'] | null>(null);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (verdict !== null) openAction({ kind: 'resolve', verdict, selection });
  };
  return h(
    'form',
    { onSubmit: submit },
    h(
      'fieldset',
      null,
      h('legend', null, say(doubtsWords.verdict)),
      verdicts.map((known) =>
        h(
          'label',
          { key: known, class: 'choice' },
          h('input', {
            type: 'radio',
            name: 'verdict',
            required: true,
            checked: verdict === known,
            onChange: () => setVerdict(known),
          }),
          say(doubtsWords[known]),
        ),
      ),
    ),
    verdict === 'resend' && h('p', { class: 'trouble', role: 'alert' }, say(doubtsWords.resendWarning)),
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'button', onClick: closeDialog }, say(common.cancel)),
      h('button', { type: 'submit', class: 'primary' }, say(actionWords.preview)),
    ),
  );
}
