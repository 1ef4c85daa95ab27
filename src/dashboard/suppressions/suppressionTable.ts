import { type ComponentChild, h, type JSX } from 'preact';
import type { SuppressionEntry } from '../../api/contract/suppressionsContract.ts';
import { ask } from '../app/askApi.ts';
import { confirm } from '../app/confirmDialog.ts';
import { may } from '../app/session.ts';
import { billLink } from '../parts/billLink.ts';
import { dataTable } from '../parts/dataTable.ts';
import { When } from '../parts/notes.ts';
import { actionWords } from '../words/actionWords.ts';
import { channelName } from '../words/channelWords.ts';
import { common, pageNames } from '../words/commonWords.ts';
import { say } from '../words/language.ts';
import { suppressionReasonWords, suppressionWords } from './suppressionWords.ts';

/** Entries of the list, each with a button to try its address again. */
export function suppressionTable(items: readonly SuppressionEntry[], reload: () => void): JSX.Element {
  return dataTable<SuppressionEntry>(
    say(pageNames.suppressions),
    [
      { head: say(suppressionWords.told), isHead: true, cell: ({ billId }) => billLink(billId) },
      { head: say(suppressionWords.member), cell: ({ memberId }) => memberId },
      { head: say(common.channel), cell: ({ channel }) => channelName(channel) },
      { head: say(common.why), cell: why },
      {
        head: say(suppressionWords.added),
        cell: ({ addedAt, addedBy }) =>
          h('span', null, h(When, { at: addedAt }), ' ', h('span', { class: 'quiet' }, addedBy)),
      },
      { head: say(suppressionWords.state), cell: state },
      {
        head: say(actionWords.kind),
        cell: (entry) =>
          may('actOnOneBill') &&
          entry.reactivatedAt === null &&
          h(
            'button',
            { type: 'button', 'aria-haspopup': 'dialog', onClick: () => askReactivate(entry, reload) },
            say(suppressionWords.reactivate),
          ),
      },
    ],
    items.map((row) => ({ key: row.id, row })),
  );
}

function why({ reason, note }: SuppressionEntry): ComponentChild {
  return h('span', null, say(suppressionReasonWords[reason]), note !== null && [': ', h('q', null, note)]);
}

function state({ reactivatedAt, reactivatedBy }: SuppressionEntry): ComponentChild {
  if (reactivatedAt === null) return say(suppressionWords.suppressed);
  return h(
    'span',
    { class: 'quiet' },
    say(suppressionWords.reactivated),
    ' ',
    h(When, { at: reactivatedAt }),
    ' ',
    reactivatedBy,
  );
}

function askReactivate({ id }: SuppressionEntry, reload: () => void): void {
  confirm({
    title: say(suppressionWords.reactivateTitle),
    effects: [say(suppressionWords.reactivateEffect), say(suppressionWords.reactivatePast)],
    reason: 'required',
    button: say(suppressionWords.reactivateTitle),
    done: say(suppressionWords.done),
    run: async (reason) => {
      const answer = await ask(`/suppressions/${id}/reactivate`, { method: 'POST', body: { reason } });
      reload();
      return answer;
    },
  });
}
