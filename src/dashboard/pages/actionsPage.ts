import { h, type JSX } from 'preact';
import type { Action, ActionList } from '../../api/contract/actionsContract.ts';
import { query, withQuery } from '../app/router.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { dataTable } from '../parts/dataTable.ts';
import { nextPage } from '../parts/nextPage.ts';
import { emptyNote, loadState, readAge, When } from '../parts/notes.ts';
import { pageHead } from '../parts/pageHead.ts';
import { progressBar } from '../parts/progressBar.ts';
import { actionKindWords, actionStateWords, actionWords } from '../words/actionWords.ts';
import { common, pageNames } from '../words/commonWords.ts';
import { say } from '../words/language.ts';

const everyMs = 3_000;

export function actionsPage(): JSX.Element {
  const after = query.value.get('after');
  const loaded = useAnswer<ActionList>(
    `/actions?limit=50${after === null ? '' : `&after=${encodeURIComponent(after)}`}`,
    { everyMs },
  );
  const { value } = loaded;
  return h(
    'div',
    null,
    pageHead(say(pageNames.actions), say(actionWords.intro), readAge(loaded)),
    loadState(loaded),
    value !== null && (value.items.length === 0 ? emptyNote(say(actionWords.none)) : table(value.items)),
    value !== null && nextPage(value.next, (next) => withQuery({ after: next })),
  );
}

function table(actions: readonly Action[]): JSX.Element {
  return dataTable<Action>(
    say(pageNames.actions),
    [
      {
        head: say(actionWords.kind),
        isHead: true,
        cell: ({ actionId, kind }) =>
          h('a', { href: `/actions/${actionId}`, 'data-row': '' }, say(actionKindWords[kind])),
      },
      { head: say(common.state), cell: ({ state }) => actionState(state) },
      { head: say(actionWords.progress), cell: (action) => progressBar(action) },
      { head: say(common.who), cell: ({ startedBy, requestedBy }) => startedBy ?? requestedBy },
      { head: say(common.why), cell: ({ reason }) => reason ?? h('span', { class: 'quiet' }, '–') },
      {
        head: say(common.when),
        cell: ({ startedAt, requestedAt }) => h(When, { at: startedAt ?? requestedAt }),
      },
    ],
    actions.map((row) => ({ key: row.actionId, row })),
  );
}

export function actionState(state: Action['state']): JSX.Element {
  return h('span', { class: `action-state action-${state.toLowerCase()}` }, say(actionStateWords[state]));
}
