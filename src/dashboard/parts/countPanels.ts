import { type ComponentChild, h, type JSX } from 'preact';
import type { MonthStatus } from '../../api/contract/statusContract.ts';
import { serverNow } from '../app/liveFeed.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { common } from '../words/commonWords.ts';
import { count, distance, share } from '../words/format.ts';
import { say } from '../words/language.ts';
import { overview } from '../words/overviewWords.ts';
import { figure } from './figure.ts';
import { type Flowing, flowDiagram, tallFlow, wideFlow } from './flowDiagram.ts';
import { loadState } from './notes.ts';
import { stateBar } from './stateBar.ts';

const everyMs = 5_000;

/** The bills of one month, in the form in which the overview shows all bills. */
export function MonthPanels({ month }: { readonly month: string }): JSX.Element {
  const loaded = useAnswer<MonthStatus>(`/months/${month}/status`, { everyMs });
  const { value } = loaded;
  return h(
    'div',
    { class: 'overview of-month' },
    loadState(loaded),
    value !== null && [
      h(
        'section',
        { key: 'headline', class: 'panel headline', 'aria-label': say(overview.settled) },
        h('div', { class: 'figures' }, settledFigure(value)),
        stateBar(value),
      ),
      flowPanel({ status: value, rates: null }),
      detailList(detailsOf(value)),
    ],
  );
}

type Counted = Flowing['status'] & Pick<MonthStatus, 'exact' | 'countedSince' | 'drift'>;

export function settledFigure(status: Counted): JSX.Element {
  const settled = status.delivered + status.failed + status.cancelled;
  const of = say(overview.settledOf)(count(settled), count(status.total));
  return figure(share(settled, status.total), of, 'large');
}

export function flowPanel(read: Flowing & { readonly status: Counted }): JSX.Element {
  return h(
    'section',
    { key: 'flow', class: 'panel flow-panel', 'aria-labelledby': 'flow-title' },
    h(
      'header',
      null,
      h('h2', { id: 'flow-title' }, say(overview.flow)),
      h('p', { class: 'quiet' }, exactness(read.status)),
    ),
    flowDiagram(read, wideFlow),
    flowDiagram(read, tallFlow),
  );
}

/** How exact kept counts are: how old their oldest part is, and by how much they were wrong. */
function exactness({ exact, countedSince, drift }: Counted): string {
  if (exact || countedSince === null) return say(overview.flowHelp);
  return say(overview.kept)(distance(countedSince, serverNow.value), count(drift));
}

/** `aside` is the age of a number that was not counted together with the others. */
export type Detail = readonly [name: string, value: string, href?: string, aside?: ComponentChild];

/** Facts about bills that the flow does not show. */
export function detailsOf({ month, ...status }: Counted): Detail[] {
  const ofMonth = month === undefined ? '' : `?month=${month}`;
  return [
    [say(overview.total), count(status.total), `/search${ofMonth}`],
    [say(overview.retransmissions), count(status.retransmissions), `/failures${ofMonth}`],
    [say(overview.sms), count(status.sms)],
    [say(overview.confirmed), count(status.confirmed)],
    [say(overview.cameBack), count(status.bounced)],
    [say(overview.noWord), count(status.delivered - status.confirmed - status.bounced)],
    [say(overview.owed), count(status.owed)],
    [say(overview.letters), count(status.deadLetters), `/failures${ofMonth}`],
  ];
}

export function detailList(facts: readonly Detail[]): JSX.Element {
  return h(
    'section',
    { key: 'details', class: 'panel details', 'aria-label': say(common.all) },
    h(
      'dl',
      null,
      facts.map(([name, value, href, aside]) =>
        h(
          'div',
          { key: name },
          h('dt', null, name),
          h('dd', null, href === undefined ? value : h('a', { href }, value), aside),
        ),
      ),
    ),
  );
}
