import { h, type JSX } from 'preact';
import type { DeadLetter, DeadLetters } from '../../api/contract/deadLettersContract.ts';
import { query, withQuery } from '../app/router.ts';
import { may } from '../app/session.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { dataTable } from '../parts/dataTable.ts';
import { askReplay, lookAtLetter } from '../parts/letterDialogs.ts';
import { nextPage } from '../parts/nextPage.ts';
import { Age, emptyNote, loadState, When } from '../parts/notes.ts';
import { pageHead } from '../parts/pageHead.ts';
import { reasonText } from '../parts/reasonText.ts';
import { actionWords } from '../words/actionWords.ts';
import { common, pageNames } from '../words/commonWords.ts';
import { say } from '../words/language.ts';
import { lettersWords } from '../words/pageWords.ts';

const everyMs = 15_000;

export function deadLettersPage(): JSX.Element {
  const after = query.value.get('after');
  const asked = new URLSearchParams({ limit: '50', ...(after !== null && { after }) });
  const loaded = useAnswer<DeadLetters>(`/dead-letters?${asked}`, { everyMs });
  const { value } = loaded;
  return h(
    'div',
    null,
    pageHead(
      say(pageNames.deadLetters),
      say(lettersWords.intro),
      value !== null && h(Age, { at: value.asOf }),
    ),
    loadState(loaded),
    value !== null &&
      (value.items.length === 0 ? emptyNote(say(lettersWords.none)) : table(value.items, loaded.reload)),
    value !== null && nextPage(value.next, (next) => withQuery({ after: next })),
  );
}

function table(letters: readonly DeadLetter[], reload: () => void): JSX.Element {
  return dataTable<DeadLetter>(
    say(pageNames.deadLetters),
    [
      {
        head: say(lettersWords.record),
        isHead: true,
        cell: ({ topic, partition, offset }) => h('code', null, `${topic} ${partition}:${offset}`),
      },
      { head: say(common.why), cell: ({ reason, meaning }) => reasonText(reason, meaning) },
      { head: say(lettersWords.received), cell: ({ receivedAt }) => h(When, { at: receivedAt }) },
      {
        head: say(lettersWords.published),
        cell: ({ publishedAt }) =>
          publishedAt === null ? say(lettersWords.owed) : h(When, { at: publishedAt }),
      },
      { head: say(lettersWords.replayed), cell: ({ replayedAt }) => h(When, { at: replayedAt }) },
      {
        head: say(actionWords.kind),
        cell: (letter) =>
          may('deadLetters') && [
            h(
              'button',
              {
                type: 'button',
                key: 'look',
                'data-row': '',
                'aria-haspopup': 'dialog',
                onClick: () => lookAtLetter(letter),
              },
              say(lettersWords.look),
            ),
            ' ',
            h(
              'button',
              {
                type: 'button',
                key: 'replay',
                'aria-haspopup': 'dialog',
                onClick: () => askReplay(letter, reload),
              },
              say(lettersWords.replay),
            ),
          ],
      },
    ],
    letters.map((row) => ({ key: row.id, row })),
  );
}
