import { h, type JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Action, ActionRequest } from '../../api/contract/actionsContract.ts';
import { actionFacts } from '../parts/actionFacts.ts';
import { troubleNote } from '../parts/notes.ts';
import { actionKindWords, actionStateWords, actionWords } from '../words/actionWords.ts';
import { common } from '../words/commonWords.ts';
import { count } from '../words/format.ts';
import { say } from '../words/language.ts';
import { ask, type Trouble } from './askApi.ts';
import { reasonField } from './confirmDialog.ts';
import { closeDialog, openDialog } from './dialogs.ts';
import { go } from './router.ts';

/** The request for an action, without the parts that the dialog fills in. */
export type Asked = ActionRequest extends infer Kind
  ? Kind extends ActionRequest
    ? Omit<Kind, 'dryRun' | 'askRefused'> & { readonly askRefused?: boolean }
    : never
  : never;

const againMs = 500;

/** Looks at the bills first, shows what would happen, and then starts exactly that. */
export function openAction(asked: Asked): void {
  openDialog(say(actionKindWords[asked.kind]), () => h(ActionBody, { asked }));
}

function ActionBody({ asked }: { readonly asked: Asked }): JSX.Element {
  const [request, setRequest] = useState<Asked>(asked);
  const { action, trouble } = useDryRun(request);
  return h(
    'div',
    null,
    request.kind === 'retry' &&
      refusedChoice(request.askRefused === true, (askRefused) => setRequest({ ...request, askRefused })),
    trouble !== null && troubleNote(trouble),
    action === null
      ? trouble === null && h('p', { class: 'quiet', 'aria-busy': 'true' }, say(actionStateWords.COLLECTING))
      : [
          h('div', { key: 'facts', role: 'status' }, actionFacts(action)),
          h(StartForm, { key: `start ${action.actionId}`, action }),
        ],
  );
}

function refusedChoice(isChosen: boolean, choose: (isChosen: boolean) => void): JSX.Element {
  return h(
    'label',
    { class: 'choice' },
    h('input', {
      type: 'checkbox',
      checked: isChosen,
      onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) => choose(currentTarget.checked),
    }),
    say(actionWords.refused),
  );
}

/** Asks for the dry run, and waits until the bills are looked at. */
function useDryRun(asked: Asked): { readonly action: Action | null; readonly trouble: Trouble | null } {
  const [state, setState] = useState<{ action: Action | null; trouble: Trouble | null }>({
    action: null,
    trouble: null,
  });
  useEffect(() => {
    let isGone = false;
    setState({ action: null, trouble: null });
    void follow();
    return () => {
      isGone = true;
    };

    async function follow(): Promise<void> {
      let answer = await ask<Action>('/actions', { method: 'POST', body: { ...asked, dryRun: true } });
      while (!isGone && answer.kind === 'ok' && answer.value.state === 'COLLECTING') {
        await new Promise((resolve) => setTimeout(resolve, againMs));
        answer = await ask<Action>(`/actions/${answer.value.actionId}`);
      }
      if (isGone) return;
      setState(
        answer.kind === 'ok'
          ? { action: answer.value, trouble: null }
          : { action: null, trouble: answer.trouble },
      );
    }
  }, [JSON.stringify(asked)]);
  return state;
}

export function StartForm({ action }: { readonly action: Action }): JSX.Element {
  const [text, setText] = useState('');
  const [pace, setPace] = useState('');
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const ratePerSecond = pace === '' ? undefined : Number(pace);
    const body = { reason: text.trim(), ratePerSecond };
    const answer = await ask<Action>(`/actions/${action.actionId}/start`, { method: 'POST', body });
    if (answer.kind === 'trouble') return setTrouble(answer.trouble);
    closeDialog();
    go(`/actions/${action.actionId}`);
  };
  if (action.count === 0) return h('p', { class: 'empty' }, say(actionWords.nothing));
  return h(
    'form',
    { onSubmit: (event: Event) => void submit(event) },
    h('p', { class: 'exact' }, say(actionWords.exact)),
    reasonField({ text, setText, isRequired: true }),
    h(
      'label',
      { class: 'field' },
      h('span', null, say(actionWords.pace), ' ', say(common.optional)),
      h('input', {
        name: 'pace',
        type: 'number',
        min: 1,
        max: 100_000,
        value: pace,
        onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) => setPace(currentTarget.value),
      }),
      h('small', null, say(actionWords.paceHelp)),
    ),
    trouble !== null && troubleNote(trouble),
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'button', onClick: closeDialog }, say(common.cancel)),
      h(
        'button',
        { type: 'submit', class: 'primary' },
        `${say(actionKindWords[action.kind])}: ${count(action.count)}`,
      ),
    ),
  );
}
