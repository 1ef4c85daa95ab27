import { h, type JSX } from 'preact';
import type { Live } from '../../api/contract/streamContract.ts';
import { dueOf } from '../app/attentionOf.ts';
import { connection, live, serverNow } from '../app/liveFeed.ts';
import { attentionList } from '../parts/attentionList.ts';
import { AnswerTimes, Throughput } from '../parts/chartPanels.ts';
import { figure } from '../parts/figure.ts';
import { flowDiagram, tallFlow, wideFlow } from '../parts/flowDiagram.ts';
import { stateBar } from '../parts/stateBar.ts';
import { common, pageNames } from '../words/commonWords.ts';
import { clock, count, distance, duration, rate, share } from '../words/format.ts';
import { say } from '../words/language.ts';
import { overview } from '../words/overviewWords.ts';

/** The month live. */
export function overviewPage(): JSX.Element {
  const read = live.value;
  return h(
    'div',
    { class: `overview ${connection.value === 'lost' ? 'stale' : ''}` },
    h('h1', { class: 'unseen' }, say(pageNames.overview)),
    read === null
      ? h('p', { class: 'load quiet', 'aria-busy': 'true' }, say(common.loading))
      : [
          h(Headline, { key: 'headline', read }),
          h(Flow, { key: 'flow', read }),
          h(
            'section',
            { key: 'attention', class: 'panel attention', 'aria-labelledby': 'attention-title' },
            h('header', null, h('h2', { id: 'attention-title' }, say(overview.attention))),
            attentionList(read),
          ),
          h('div', { key: 'charts', class: 'charts' }, h(Throughput, null), h(AnswerTimes, null)),
          h(Details, { key: 'details', read }),
        ],
  );
}

function Headline({ read }: { readonly read: Live }): JSX.Element {
  const { status, rates } = read;
  const settled = status.delivered + status.failed + status.cancelled;
  const perSecond = rates === null ? null : rates.deliveredPerSecond + rates.failedPerSecond;
  const of = say(overview.settledOf)(count(settled), count(status.total));
  return h(
    'section',
    { class: 'panel headline', 'aria-label': say(overview.settled) },
    h(
      'div',
      { class: 'figures' },
      figure(share(settled, status.total), of, 'large'),
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

function Flow({ read }: { readonly read: Live }): JSX.Element {
  return h(
    'section',
    { class: 'panel flow-panel', 'aria-labelledby': 'flow-title' },
    h(
      'header',
      null,
      h('h2', { id: 'flow-title' }, say(overview.flow)),
      h('p', { class: 'quiet' }, exactness(read)),
    ),
    flowDiagram(read, wideFlow),
    flowDiagram(read, tallFlow),
  );
}

/** Counts that are kept say how old their oldest part is, and by how much they were wrong. */
function exactness({ status: { exact, countedSince, drift } }: Live): string {
  if (exact || countedSince === null) return say(overview.flowHelp);
  return say(overview.kept)(distance(countedSince, serverNow.value), count(drift));
}

function Details({ read: { status } }: { readonly read: Live }): JSX.Element {
  const facts: readonly (readonly [name: string, value: string, href?: string])[] = [
    [say(overview.total), count(status.total), '/search'],
    [say(overview.retransmissions), count(status.retransmissions), '/failures'],
    [say(overview.sms), count(status.sms)],
    [say(overview.confirmed), count(status.confirmed)],
    [say(overview.cameBack), count(status.bounced)],
    [say(overview.noWord), count(status.delivered - status.confirmed - status.bounced)],
    [say(overview.lag), count(status.lag), '/dispatchers'],
    [say(overview.owed), count(status.owed)],
    [say(overview.early), count(status.earlyEvents)],
    [say(overview.letters), count(status.deadLetters), '/dead-letters'],
    [say(overview.dispatchers), count(status.dispatchers.alive), '/dispatchers'],
  ];
  return h(
    'section',
    { class: 'panel details', 'aria-label': say(common.all) },
    h(
      'dl',
      null,
      facts.map(([name, value, href]) =>
        h(
          'div',
          { key: name },
          h('dt', null, name),
          h('dd', null, href === undefined ? value : h('a', { href }, value)),
        ),
      ),
    ),
  );
}
