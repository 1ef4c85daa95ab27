import { h, type JSX } from 'preact';
import type { SeedList } from '../../api/contract/testSendsContract.ts';
import { ask } from '../app/askApi.ts';
import { confirm } from '../app/confirmDialog.ts';
import { may } from '../app/session.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { fact } from '../parts/actionFacts.ts';
import { billLink } from '../parts/billLink.ts';
import { dataTable } from '../parts/dataTable.ts';
import { When } from '../parts/notes.ts';
import { channelName } from '../words/channelWords.ts';
import { count } from '../words/format.ts';
import { say } from '../words/language.ts';
import { seedWords } from './evidenceWords.ts';

const shown = 20;

/** What was sent to the seed addresses of a run; shows nothing if there are none. */
export function SeedsPanel({ runId }: { readonly runId: string }): JSX.Element | null {
  const path = `/runs/${encodeURIComponent(runId)}/seeds`;
  const { value, reload } = useAnswer<SeedList>(path);
  if (value === null) return null;
  const { addresses, items } = value;
  const number = addresses.email + addresses.phone;
  if (number === 0 && items.length === 0) return null;
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'seeds-title' },
    h('h2', { id: 'seeds-title' }, say(seedWords.title)),
    h('p', { class: 'quiet' }, say(seedWords.note)),
    h('dl', { class: 'facts' }, fact(say(seedWords.addresses), count(number))),
    items.length === 0 ? h('p', { class: 'empty' }, say(seedWords.none)) : table(items.slice(0, shown)),
    number > 0 &&
      may('control') &&
      h(
        'div',
        { class: 'buttons' },
        h(
          'button',
          { type: 'button', 'aria-haspopup': 'dialog', onClick: () => askToSend(path, reload) },
          say(seedWords.send),
          '…',
        ),
      ),
  );
}

function askToSend(path: string, reload: () => void): void {
  confirm({
    title: say(seedWords.send),
    effects: [say(seedWords.effect)],
    reason: 'none',
    button: say(seedWords.send),
    done: say(seedWords.done),
    run: async () => {
      const answer = await ask(path, { method: 'POST', body: {} });
      reload();
      return answer;
    },
  });
}

function table(items: SeedList['items']): JSX.Element {
  return dataTable(
    say(seedWords.title),
    [
      {
        head: say(seedWords.address),
        cell: ({ channel, address }) => `${channelName(channel)} ${address}`,
        isHead: true,
      },
      { head: say(seedWords.bill), cell: ({ billId }) => billLink(billId, false) },
      {
        head: say(seedWords.outcome),
        cell: ({ outcome, reason }) => (reason === null ? outcome : `${outcome} ${reason}`),
      },
      { head: say(seedWords.when), cell: ({ begunAt }) => h(When, { at: begunAt }) },
    ],
    items.map((row) => ({ key: `${row.time} ${row.channel} ${row.address} ${row.billId}`, row })),
  );
}
