import { type ComponentChild, h, type JSX } from 'preact';
import type { AccessRecord, AuditPage, AuditReport } from '../../api/contract/auditContract.ts';
import { serverNow } from '../app/liveFeed.ts';
import { query, withQuery } from '../app/router.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { billLink } from '../parts/billLink.ts';
import { dataTable } from '../parts/dataTable.ts';
import { monthFilter } from '../parts/monthFilter.ts';
import { nextPage } from '../parts/nextPage.ts';
import { Age, emptyNote, loadState, readAge } from '../parts/notes.ts';
import { pageHead } from '../parts/pageHead.ts';
import { auditResults, auditWords, unusualInKorean } from '../words/auditWords.ts';
import { common, pageNames } from '../words/commonWords.ts';
import { count, moment } from '../words/format.ts';
import { say } from '../words/language.ts';

/** Who did and saw what: first what is unusual, then all records. */
export function auditPage(): JSX.Element {
  const chosen = query.value.get('month') ?? '';
  const month = chosen === '' ? new Date(serverNow.peek()).toISOString().slice(0, 7) : chosen;
  return h(
    'div',
    null,
    pageHead(say(pageNames.audit), say(auditWords.intro)),
    monthFilter(month, (other) => withQuery({ month: other, after: undefined })),
    h(Report, { key: `report ${month}`, month }),
    h(Records, { key: `records ${month}`, month }),
  );
}

function Report({ month }: { readonly month: string }): JSX.Element {
  const loaded = useAnswer<AuditReport>(`/audit/report?month=${month}`);
  const { value } = loaded;
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'unusual-title' },
    h(
      'header',
      null,
      h('h2', { id: 'unusual-title' }, say(auditWords.unusual)),
      value !== null && h(Age, { at: value.asOf }),
    ),
    loadState(loaded),
    value !== null && [
      value.chain.intact
        ? h(
            'p',
            { class: 'chain', key: 'chain' },
            h('span', { class: 'lamp lamp-on', 'aria-hidden': 'true' }),
            say(auditWords.intact),
            ' ',
            count(value.chain.records),
          )
        : h(
            'p',
            { class: 'trouble', key: 'chain', role: 'alert' },
            say(auditWords.broken),
            ' ',
            value.chain.brokenAt,
          ),
      value.unusual.length === 0
        ? h('p', { class: 'quiet', key: 'unusual' }, say(auditWords.nothingUnusual))
        : dataTable<AuditReport['unusual'][number]>(
            say(auditWords.unusual),
            [
              { head: say(common.who), isHead: true, cell: ({ who }) => who },
              { head: say(auditWords.what), cell: ({ what }) => what },
              { head: say(auditWords.times), cell: (entry) => count(entry.count), isNumber: true },
              { head: say(common.why), cell: ({ why }) => unusualText(why) },
            ],
            value.unusual.map((row, index) => ({ key: String(index), row })),
          ),
    ],
  );
}

/** What a newer server says stays in English. */
function unusualText(why: string): ComponentChild {
  const korean = unusualInKorean[why];
  return korean === undefined ? h('span', { lang: 'en' }, why) : say([why, korean]);
}

function Records({ month }: { readonly month: string }): JSX.Element {
  const after = query.value.get('after');
  const asked = new URLSearchParams({ month, limit: '50', ...(after !== null && { after }) });
  const loaded = useAnswer<AuditPage>(`/audit?${asked}`);
  const { value } = loaded;
  return h(
    'section',
    null,
    h('header', { class: 'section-head' }, h('h2', null, say(auditWords.records)), readAge(loaded)),
    loadState(loaded),
    value !== null && (value.items.length === 0 ? emptyNote(say(auditWords.none)) : recordTable(value.items)),
    value !== null && nextPage(value.next, (next) => withQuery({ after: next })),
  );
}

function recordTable(records: readonly AccessRecord[]): JSX.Element {
  return dataTable<AccessRecord>(
    say(auditWords.records),
    [
      { head: say(common.when), isHead: true, cell: ({ at }) => moment(at) },
      { head: say(common.who), cell: ({ who, roles }) => h('span', { title: roles.join(', ') }, who) },
      { head: say(auditWords.what), cell: ({ what }) => h('code', null, what) },
      {
        head: say(auditWords.result),
        cell: ({ result }) => h('span', { class: `result-${result}` }, say(auditResults[result])),
      },
      {
        head: say(auditWords.whose),
        cell: ({ billIds, bills }) => [
          billIds.slice(0, 3).map((id) => [billLink(id, false), ' ']),
          bills > 3 && `(${count(bills)})`,
        ],
      },
      { head: say(common.why), cell: ({ reason }) => reason ?? h('span', { class: 'quiet' }, '–') },
      { head: say(auditWords.from), cell: ({ from }) => from },
    ],
    records.map((row) => ({ key: row.seq, row })),
  );
}
