import { h, type JSX } from 'preact';
import type { BillExplanation } from '../../api/contract/billsContract.ts';
import { billWords, outcomesInKorean } from '../words/billWords.ts';
import { channelName } from '../words/channelWords.ts';
import { common } from '../words/commonWords.ts';
import { duration, moment } from '../words/format.ts';
import { language, say } from '../words/language.ts';
import { reasonWords } from '../words/reasonWords.ts';
import { dataTable } from './dataTable.ts';

type Entry = BillExplanation['journal'][number];

/** The history of a bill in words, with the providers' answers behind a toggle. */
export function billHistory({ timeline, journal }: BillExplanation): JSX.Element {
  const lines = language.value === 'ko' ? journal.map(lineInKorean) : timeline;
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'history-title' },
    h('h2', { id: 'history-title' }, say(billWords.history)),
    lines.length === 0
      ? h('p', { class: 'quiet' }, say(billWords.noHistory))
      : h(
          'ol',
          { class: 'timeline' },
          lines.map(({ at, text }, index) =>
            h('li', { key: `${at} ${index}` }, h('time', { dateTime: at }, moment(at)), h('p', null, text)),
          ),
        ),
    journal.length > 0 &&
      h('details', { class: 'values' }, h('summary', null, say(billWords.raw)), rawAnswers(journal)),
  );
}

/** A line of the history. A reason that says the same as the outcome is left out. */
export function lineInKorean({
  finishedAt,
  outcome,
  channel,
  cycle,
  reason,
  actor,
}: Pick<Entry, 'finishedAt' | 'outcome' | 'channel' | 'cycle' | 'reason' | 'actor'>): {
  at: string;
  text: string;
} {
  const what = outcomesInKorean[outcome] ?? outcome;
  const why = reason === null ? '' : (reasonWords(reason)?.[1] ?? reason);
  const because = why === '' || why.startsWith(what) ? '' : `: ${why}`;
  return { at: finishedAt, text: `${cycle}회차 ${channelName(channel)}: ${what}${because} (${actor})` };
}

/** Providers' answers may hold anything, so they are shown as plain text only. */
function rawAnswers(journal: readonly Entry[]): JSX.Element {
  return dataTable<Entry>(
    say(billWords.raw),
    [
      { head: say(billWords.from), isHead: true, cell: ({ startedAt }) => moment(startedAt) },
      {
        head: say(billWords.took),
        cell: ({ startedAt, finishedAt }) => duration(Date.parse(finishedAt) - Date.parse(startedAt)),
      },
      { head: say(common.channel), cell: ({ channel, cycle }) => `${channelName(channel)} ${cycle}` },
      {
        head: say(billWords.outcome),
        cell: ({ outcome, applied }) => (applied ? outcome : `${outcome} (${say(billWords.tooLate)})`),
      },
      { head: say(billWords.carrier), cell: ({ provider }) => provider ?? '–' },
      { head: say(billWords.answer), cell: ({ reason }) => h('code', null, reason ?? '–') },
      { head: say(billWords.id), cell: ({ providerId }) => h('code', null, providerId ?? '–') },
      { head: say(common.who), cell: ({ actor }) => actor },
    ],
    journal.map((row, index) => ({ key: String(index), row })),
  );
}
