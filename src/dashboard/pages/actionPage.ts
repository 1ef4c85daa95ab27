import { h, type JSX } from 'preact';
import type { Action } from '../../api/contract/actionsContract.ts';
import { StartForm } from '../app/actionDialog.ts';
import { ask } from '../app/askApi.ts';
import { confirm } from '../app/confirmDialog.ts';
import { may } from '../app/session.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { actionFacts, fact } from '../parts/actionFacts.ts';
import { loadState, readAge, When } from '../parts/notes.ts';
import { pageHead } from '../parts/pageHead.ts';
import { progressBar } from '../parts/progressBar.ts';
import { toldNote } from '../parts/toldNote.ts';
import { actionKindWords, actionWords } from '../words/actionWords.ts';
import { pageNames, phrases } from '../words/commonWords.ts';
import { say } from '../words/language.ts';
import { actionState } from './actionsPage.ts';

const everyMs = 1_000;

/** One action: who asked for it and why, what it saw, how far it is, and how to stop it. */
export function actionPage({ id }: { readonly id: string }): JSX.Element {
  const loaded = useAnswer<Action>(`/actions/${encodeURIComponent(id)}`, { everyMs });
  const { value } = loaded;
  return h(
    'div',
    null,
    value === null
      ? pageHead(say(pageNames.action), null)
      : pageHead(
          say(actionKindWords[value.kind]),
          value.reason,
          h('div', { class: 'head-aside' }, actionState(value.state), readAge(loaded)),
        ),
    loadState(loaded),
    value !== null && details(value, loaded.reload),
  );
}

function details(action: Action, reload: () => void): JSX.Element {
  const { state, requestedBy, requestedAt, startedBy, startedAt, finishedAt, problemTold } = action;
  const mayAct = may('actOnBills') || may('actOnOneBill');
  return h(
    'div',
    null,
    h(
      'section',
      { class: 'panel' },
      progressBar(action),
      problemTold.length > 0 && h('p', { class: 'trouble' }, toldNote(problemTold)),
    ),
    h(
      'section',
      { class: 'panel' },
      h(
        'dl',
        { class: 'facts' },
        fact(say(actionWords.requested), [h(When, { at: requestedAt }), ' ', say(phrases.by)(requestedBy)]),
        startedAt !== null &&
          fact(say(actionWords.started), [h(When, { at: startedAt }), ' ', say(phrases.by)(startedBy ?? '')]),
        finishedAt !== null && fact(say(actionWords.finished), h(When, { at: finishedAt })),
      ),
      actionFacts(action),
      h(
        'details',
        { class: 'values' },
        h('summary', null, say(actionWords.details)),
        h('pre', null, JSON.stringify(action.request, null, 2)),
      ),
    ),
    mayAct && state === 'READY' && h('section', { class: 'panel' }, h(StartForm, { action })),
    mayAct && state === 'RUNNING' && stopButton(action, reload),
  );
}

function stopButton({ actionId }: Action, reload: () => void): JSX.Element {
  const stop = (): void =>
    confirm({
      title: say(actionWords.stop),
      effects: [say(actionWords.stopEffect)],
      reason: 'none',
      button: say(actionWords.stop),
      isDangerous: true,
      done: say(actionWords.stopped),
      run: async () => {
        const answer = await ask(`/actions/${actionId}/stop`, { method: 'POST', body: {} });
        reload();
        return answer;
      },
    });
  return h(
    'button',
    { type: 'button', class: 'danger', 'aria-haspopup': 'dialog', onClick: stop },
    say(actionWords.stop),
    '…',
  );
}
