import { type ComponentChild, h, type JSX } from 'preact';
import type { RunWithEvents } from '../../api/contract/runsContract.ts';
import { session } from '../app/session.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { fact } from '../parts/actionFacts.ts';
import { loadState, readAge, When } from '../parts/notes.ts';
import { pageHead } from '../parts/pageHead.ts';
import { toldNote } from '../parts/toldNote.ts';
import { holdWord } from '../words/bannerWords.ts';
import { channelName } from '../words/channelWords.ts';
import { pageNames, phrases } from '../words/commonWords.ts';
import { count, money, personName } from '../words/format.ts';
import { language, say } from '../words/language.ts';
import { forecastView } from './forecastView.ts';
import { forecastWords } from './forecastWords.ts';
import { gateTable } from './gateTable.ts';
import { manifestPanel } from './manifestPanel.ts';
import { planFacts } from './planFacts.ts';
import { RehearsalPanel } from './rehearsalPanel.ts';
import { askRunVerb } from './runDialogs.ts';
import { runEvents } from './runHistory.ts';
import { expectedEnd, runProgress, runState } from './runParts.ts';
import { isOwn, runVerbsFor } from './runPermissions.ts';
import { phaseWords, runKindWords, runVerbWords, runWords } from './runWords.ts';
import { SeedsPanel } from './seedsPanel.ts';
import { StatementsPanel } from './statementsPanel.ts';

const everyMs = 2_000;

/** One run: its state and the reason, its gates, what was approved, its history, and what can be done. */
export function runPage({ id }: { readonly id: string }): JSX.Element {
  const loaded = useAnswer<RunWithEvents>(`/runs/${encodeURIComponent(id)}`, { everyMs });
  const { value } = loaded;
  return h(
    'div',
    { class: 'run' },
    pageHead(
      [say(pageNames.run), ' ', h('span', { class: 'bill-id' }, id)],
      value === null ? null : say(runKindWords[value.kind]),
      value !== null && h('div', { class: 'head-aside' }, runState(value.state), readAge(loaded)),
    ),
    loadState(loaded),
    value !== null && details(value, loaded.reload),
  );
}

function details(run: RunWithEvents, reload: () => void): JSX.Element {
  return h(
    'div',
    { class: 'columns' },
    h(
      'div',
      null,
      holdPanel(run),
      standPanel(run),
      buttons(run, reload),
      run.kind === 'REHEARSAL' && h(RehearsalPanel, { runId: run.runId }),
      gatesPanel(run),
      proposalPanel(run),
    ),
    h(
      'div',
      null,
      panel('plan-title', say(runWords.plan), planFacts(run)),
      run.kind !== 'PUBLISHED' && h(SeedsPanel, { runId: run.runId }),
      manifestPanel(run, reload),
      run.kind !== 'REHEARSAL' && run.startedAt !== null && h(StatementsPanel, { runId: run.runId }),
      panel('events-title', say(runWords.events), runEvents(run.events)),
    ),
  );
}

function panel(id: string, title: string, ...content: ComponentChild[]): JSX.Element {
  return h('section', { class: 'panel', 'aria-labelledby': id }, h('h2', { id }, title), content);
}

function holdPanel({ hold }: RunWithEvents): JSX.Element | null {
  if (hold === null) return null;
  return h(
    'section',
    { class: 'panel switch-off', 'aria-labelledby': 'hold-title' },
    h('h2', { id: 'hold-title' }, `${say(runWords.hold)}: ${say(holdWord(hold.code))}`),
    hold.detail !== null && h('p', null, hold.code === 'PERSON' ? hold.detail : toldNote(hold.detailTold)),
    hold.since !== null &&
      h('p', { class: 'quiet' }, h(When, { at: hold.since }), ' ', h('code', null, hold.code)),
  );
}

function standPanel(run: RunWithEvents): JSX.Element {
  const by = (at: string | null, who: string | null): ComponentChild => [
    h(When, { at }),
    ' ',
    say(phrases.by)(personName(who)),
  ];
  return h(
    'section',
    { class: 'panel', 'aria-label': say(runWords.released) },
    runProgress(run),
    run.state === 'RUNNING' && h('p', { class: 'quiet' }, say(phaseWords[run.phase])),
    h(
      'dl',
      { class: 'facts' },
      fact(say(runWords.end), expectedEnd(run)),
      fact(say(runWords.asked), by(run.requestedAt, run.requestedBy)),
      run.approvedAt !== null && fact(say(runWords.approved), by(run.approvedAt, run.approvedBy)),
      run.startedAt !== null && fact(say(runWords.started), by(run.startedAt, run.startedBy)),
      run.doneAt !== null && fact(say(runWords.done), h(When, { at: run.doneAt })),
      run.closedAt !== null && fact(say(runWords.closed), by(run.closedAt, run.closedBy)),
      run.startedAt !== null && fact(say(runWords.report), reportLinks(run.runId)),
    ),
  );
}

function reportLinks(runId: string): ComponentChild {
  return (['html', 'csv', 'json'] as const).map((format) => [
    h(
      'a',
      {
        key: format,
        href: `/api/v1/runs/${runId}/report?format=${format}&language=${language.value}`,
        target: '_blank',
        rel: 'noopener',
      },
      format.toUpperCase(),
    ),
    ' ',
  ]);
}

function buttons(run: RunWithEvents, reload: () => void): JSX.Element | null {
  if (session.value.kind !== 'in') return null;
  const { facts } = session.value;
  const verbs = runVerbsFor(run, facts);
  const isWaitingForAnother =
    run.state === 'DRAFT' && facts.permissions.includes('approve') && isOwn(run, facts);
  return h(
    'div',
    { class: 'buttons' },
    verbs.map((verb) =>
      h(
        'button',
        {
          key: verb,
          type: 'button',
          class: verb === 'pause' || verb === 'close' ? 'danger' : 'primary',
          'aria-haspopup': 'dialog',
          onClick: () => askRunVerb(run, verb, reload),
        },
        say(runVerbWords[verb].button),
        '…',
      ),
    ),
    isWaitingForAnother && h('p', { class: 'quiet' }, say(runWords.own)),
  );
}

function gatesPanel(run: RunWithEvents): JSX.Element | null {
  if (run.plan.canary === null || run.plan.canary === undefined) return null;
  return panel(
    'gates-title',
    say(runWords.gates),
    h('p', { class: 'quiet' }, say(runWords.gatesHelp)),
    gateTable(run),
  );
}

function sumOf({ amount, currency }: NonNullable<RunWithEvents['proposal']>): string {
  if (amount === null) return say(runWords.unknown);
  if (currency === null) return say(runWords.severalCurrencies);
  return currency === undefined ? count(Number(amount)) : money(amount, currency);
}

function proposalPanel({ proposal, forecast }: RunWithEvents): JSX.Element | null {
  if (proposal === null) return null;
  const { bills, channels, overlaps } = proposal;
  const byChannel = Object.entries(channels ?? {}).map(
    ([channel, number]) => `${channelName(channel)} ${count(number)}`,
  );
  return panel(
    'proposal-title',
    say(runWords.proposal),
    h(
      'dl',
      { class: 'facts' },
      fact(say(runWords.bills), [h('strong', null, count(bills)), ` ${byChannel.join(', ')}`]),
      fact(say(runWords.amount), sumOf(proposal)),
      overlaps.map(({ run, bills: shared }) =>
        fact(say(runWords.overlap), [h('a', { href: `/runs/${run}` }, run), ` ${count(shared)}`]),
      ),
    ),
    h('h2', { class: 'section-head' }, say(forecastWords.title)),
    forecast === null ? h('p', { class: 'empty' }, say(runWords.noForecast)) : forecastView(forecast),
  );
}
