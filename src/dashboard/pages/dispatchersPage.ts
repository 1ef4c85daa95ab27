import { h, type JSX } from 'preact';
import type { Dispatcher, Dispatchers } from '../../api/contract/dispatchersContract.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { dataTable } from '../parts/dataTable.ts';
import { Age, emptyNote, loadState, When } from '../parts/notes.ts';
import { pageHead } from '../parts/pageHead.ts';
import { toldNote } from '../parts/toldNote.ts';
import { common, pageNames } from '../words/commonWords.ts';
import { count, duration } from '../words/format.ts';
import { say } from '../words/language.ts';
import { dispatchersWords } from '../words/pageWords.ts';

const everyMs = 3_000;

type PartitionLag = Dispatchers['lag']['partitions'][number];

export function dispatchersPage(): JSX.Element {
  const loaded = useAnswer<Dispatchers>('/dispatchers', { everyMs });
  const { value } = loaded;
  return h(
    'div',
    null,
    pageHead(
      say(pageNames.dispatchers),
      say(dispatchersWords.intro),
      value !== null && h(Age, { at: value.asOf }),
    ),
    loadState(loaded),
    value !== null && [
      value.items.length === 0 ? emptyNote(say(dispatchersWords.none)) : processes(value.items),
      h(
        'header',
        { class: 'section-head', key: 'lag' },
        h('h2', null, say(dispatchersWords.lag)),
        h(
          'p',
          { class: 'quiet' },
          `${count(value.lag.total)} ${say(dispatchersWords.total)}`,
          ' · ',
          value.lag.asOf !== null && h(Age, { at: value.lag.asOf }),
        ),
      ),
      value.lag.problemTold.length > 0 &&
        h('p', { class: 'trouble', key: 'problem' }, toldNote(value.lag.problemTold)),
      value.lag.partitions.length > 0 && partitions(value.lag.partitions),
    ],
  );
}

function processes(items: readonly Dispatcher[]): JSX.Element {
  return dataTable<Dispatcher>(
    say(pageNames.dispatchers),
    [
      { head: say(dispatchersWords.name), isHead: true, cell: ({ name }) => name },
      {
        head: say(common.state),
        cell: ({ alive }) => [
          h('span', { class: `lamp ${alive ? 'lamp-on' : 'lamp-paused'}`, 'aria-hidden': 'true' }),
          say(alive ? dispatchersWords.alive : dispatchersWords.silent),
        ],
      },
      { head: say(dispatchersWords.heard), cell: ({ silentMs }) => duration(silentMs), isNumber: true },
      { head: say(dispatchersWords.started), cell: ({ startedAt }) => h(When, { at: startedAt }) },
      { head: say(dispatchersWords.batches), cell: ({ batches }) => count(batches), isNumber: true },
      { head: say(dispatchersWords.bills), cell: ({ bills }) => count(bills), isNumber: true },
    ],
    items.map((row) => ({ key: row.id, row })),
  );
}

function partitions(lags: readonly PartitionLag[]): JSX.Element {
  const most = Math.max(1, ...lags.map(({ lag }) => lag));
  return dataTable<PartitionLag>(
    say(dispatchersWords.lag),
    [
      { head: say(dispatchersWords.topic), isHead: true, cell: ({ topic }) => topic },
      { head: say(dispatchersWords.partition), cell: ({ partition }) => partition, isNumber: true },
      {
        head: say(dispatchersWords.behind),
        isNumber: true,
        cell: ({ lag }) =>
          h(
            'span',
            { class: 'lag' },
            h('meter', { max: most, value: lag, 'aria-hidden': 'true' }),
            h('span', null, count(lag)),
          ),
      },
      { head: say(dispatchersWords.next), cell: ({ next }) => next, isNumber: true },
      { head: say(dispatchersWords.end), cell: ({ end }) => end, isNumber: true },
    ],
    lags.toSorted(byPartition).map((row) => ({ key: `${row.topic} ${row.partition}`, row })),
  );
}

/** Sorted, because Kafka answers in any order, and rows that change places are hard to read. */
function byPartition(a: PartitionLag, b: PartitionLag): number {
  return a.topic.localeCompare(b.topic) || a.partition - b.partition;
}
