import { h, type JSX } from 'preact';
import type { RunAnswer, RunList } from '../../api/contract/runsContract.ts';
import { query, withQuery } from '../app/router.ts';
import { may } from '../app/session.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { dataTable } from '../parts/dataTable.ts';
import { nextPage } from '../parts/nextPage.ts';
import { emptyNote, loadState, readAge } from '../parts/notes.ts';
import { pageHead } from '../parts/pageHead.ts';
import { common, pageNames } from '../words/commonWords.ts';
import { moment, personName } from '../words/format.ts';
import { say } from '../words/language.ts';
import { deadlineOf, expectedEnd, holdText, runProgress, runState } from './runParts.ts';
import { planWords, runKindWords, runWords } from './runWords.ts';

const everyMs = 3_000;

/** All runs, the newest first. */
export function runsPage(): JSX.Element {
  const after = query.value.get('after');
  const loaded = useAnswer<RunList>(
    `/runs?limit=50${after === null ? '' : `&after=${encodeURIComponent(after)}`}`,
    { everyMs },
  );
  const { value } = loaded;
  return h(
    'div',
    null,
    pageHead(
      say(pageNames.runs),
      say(runWords.intro),
      h(
        'div',
        { class: 'head-aside' },
        readAge(loaded),
        may('control') && h('a', { class: 'button primary', href: '/plan-run' }, say(planWords.title)),
      ),
    ),
    loadState(loaded),
    value !== null && (value.items.length === 0 ? emptyNote(say(runWords.none)) : table(value.items)),
    value !== null &&
      nextPage(value.next === null ? null : String(value.next), (next) => withQuery({ after: next })),
  );
}

function table(runs: readonly RunAnswer[]): JSX.Element {
  return dataTable<RunAnswer>(
    say(pageNames.runs),
    [
      {
        head: say(pageNames.run),
        isHead: true,
        cell: ({ runId }) => h('a', { class: 'bill-id', href: `/runs/${runId}`, 'data-row': '' }, runId),
      },
      {
        head: say(common.state),
        cell: ({ state, kind }) => [runState(state), ' ', h('small', null, say(runKindWords[kind]))],
      },
      { head: say(runWords.released), cell: runProgress },
      { head: say(runWords.hold), cell: holdText },
      { head: say(runWords.end), cell: expectedEnd },
      {
        head: say(runWords.deadline),
        cell: (run) => {
          const deadline = deadlineOf(run);
          return deadline === null ? h('span', { class: 'quiet' }, '–') : moment(deadline);
        },
      },
      { head: say(common.who), cell: ({ requestedBy }) => personName(requestedBy) },
    ],
    runs.map((row) => ({ key: row.runId, row })),
  );
}
