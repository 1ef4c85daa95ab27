import { h, type JSX } from 'preact';
import type { Live } from '../../api/contract/streamContract.ts';
import { dueOf } from '../app/attentionOf.ts';
import { connection, live, serverNow } from '../app/liveFeed.ts';
import { query, withQuery } from '../app/router.ts';
import { attentionList } from '../parts/attentionList.ts';
import { AnswerTimes, Throughput } from '../parts/chartPanels.ts';
import { detailList, detailsOf, flowPanel, MonthPanels, settledFigure } from '../parts/countPanels.ts';
import { figure } from '../parts/figure.ts';
import { monthFilter } from '../parts/monthFilter.ts';
import { When } from '../parts/notes.ts';
import { stateBar } from '../parts/stateBar.ts';
import { common, pageNames } from '../words/commonWords.ts';
import { clock, count, duration, rate } from '../words/format.ts';
import { say } from '../words/language.ts';
import { overview } from '../words/overviewWords.ts';

/** All bills live, or those of one month. */
export function overviewPage(): JSX.Element {
  const read = live.value;
  const month = query.value.get('month') ?? '';
  return h(
    'div',
    null,
    h('h1', { class: 'unseen' }, say(pageNames.overview)),
    monthFilter(month, (chosen) => withQuery({ month: chosen })),
    month === ''
      ? h('div', { class: `overview ${connection.value === 'lost' ? 'stale' : ''}` }, liveBody(read))
      : h(MonthPanels, { month }),
  );
}

function liveBody(read: Live | null): JSX.Element | JSX.Element[] {
  if (read === null) return h('p', { class: 'load quiet', 'aria-busy': 'true' }, say(common.loading));
  return [
    h(Headline, { key: 'headline', read }),
    flowPanel(read),
    h(
      'section',
      { key: 'attention', class: 'panel attention', 'aria-labelledby': 'attention-title' },
      h('header', null, h('h2', { id: 'attention-title' }, say(overview.attention))),
      attentionList(read),
    ),
    h('div', { key: 'charts', class: 'charts' }, h(Throughput, null), h(AnswerTimes, null)),
    h(Details, { key: 'details', read }),
  ];
}

function Headline({ read }: { readonly read: Live }): JSX.Element {
  const { status, rates } = read;
  const perSecond = rates === null ? null : rates.deliveredPerSecond + rates.failedPerSecond;
  return h(
    'section',
    { class: 'panel headline', 'aria-label': say(overview.settled) },
    h(
      'div',
      { class: 'figures' },
      settledFigure(status),
      figure(rate(perSecond), say(overview.perSecond)),
      h(TimeLeft, { read }),
    ),
    stateBar(status),
  );
}

function TimeLeft({ read: { status, rates } }: { readonly read: Live }): JSX.Element {
  const open = dueOf(status) + status.sending + status.sent;
  const left = rates?.secondsLeft ?? null;
  if (open === 0) return figure('–', say(overview.done));
  if (left === null) return figure('?', say(overview.leftUnknown));
  return figure(duration(left * 1_000), say(overview.until)(clock(serverNow.value + left * 1_000)));
}

function Details({ read: { status } }: { readonly read: Live }): JSX.Element {
  return detailList([
    ...detailsOf(status),
    [say(overview.lag), count(status.lag), '/dispatchers', lagAge(status)],
    [say(overview.early), count(status.earlyEvents)],
    [say(overview.dispatchers), count(status.dispatchers.alive), '/dispatchers'],
  ]);
}

function lagAge({ lagAsOf }: Live['status']): JSX.Element | null {
  return lagAsOf === null ? null : h('small', null, ' ', h(When, { at: lagAsOf }));
}
