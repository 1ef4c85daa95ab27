import { type ComponentChild, h, type JSX } from 'preact';
import type { ForecastFactsShown } from '../../api/contract/forecastsContract.ts';
import { fact } from '../parts/actionFacts.ts';
import { billLink } from '../parts/billLink.ts';
import { dataTable } from '../parts/dataTable.ts';
import { figure } from '../parts/figure.ts';
import { reasonText } from '../parts/reasonText.ts';
import { channelName } from '../words/channelWords.ts';
import { count, duration, moment, money, share } from '../words/format.ts';
import { say } from '../words/language.ts';
import { durationPhrases, forecastPhrases, forecastWords, limitWords, turnWords } from './forecastWords.ts';
import { outlierList } from './outlierList.ts';

/** A forecast: first the important numbers, then what a person should look at. */
export function forecastView(facts: ForecastFactsShown): JSX.Element {
  if (facts.bills === 0) return h('p', { class: 'empty' }, say(forecastWords.noBills));
  return h(
    'div',
    { class: 'forecast' },
    facts.sampled !== null &&
      h(
        'p',
        { class: 'sampled' },
        say(forecastPhrases.sampled)(count(facts.sampled.bills), count(facts.sampled.of)),
      ),
    figures(facts),
    failures(facts),
    outlierList(facts.outliers),
    messages(facts),
    turns(facts),
    details(facts),
  );
}

function figures(facts: ForecastFactsShown): JSX.Element {
  const { bills, duration: lasts, cost, turned, sampled, failures: failing } = facts;
  const lookedAt = sampled?.bills ?? bills;
  const { expected } = lasts;
  return h(
    'div',
    { class: 'figures' },
    figure(count(bills), say(forecastWords.bills), 'large'),
    expected === null
      ? figure('?', say(forecastWords.durationUnknown))
      : figure(duration(expected.seconds * 1_000), say(limitWords[expected.by])),
    cost.total === null
      ? figure('?', say(forecastWords.costUnknown))
      : figure(`${count(cost.total)} ${cost.currency}`, costLabel(cost.unpriced)),
    figure(share(turned, lookedAt), say(forecastWords.turned)),
    figure(count(failing.reduce((sum, group) => sum + group.bills, 0)), say(forecastWords.failing)),
  );
}

function costLabel(unpriced: number): string {
  const word = say(forecastWords.cost);
  return unpriced === 0 ? word : `${word} (${count(unpriced)} ${say(forecastWords.noPrice)})`;
}

function section(title: string, ...content: ComponentChild[]): JSX.Element {
  return h('section', { class: 'part' }, h('h3', null, title), content);
}

function failures({ failures: groups }: ForecastFactsShown): JSX.Element | null {
  if (groups.length === 0) return null;
  return section(
    say(forecastWords.failures),
    h(
      'ul',
      { class: 'lines' },
      groups.map(({ channel, reason, detail, bills, sample }) =>
        h(
          'li',
          { key: `${channel} ${reason} ${detail}` },
          h('strong', null, count(bills)),
          ` ${channelName(channel)} `,
          reasonText(reason),
          detail !== '' && h('span', { class: 'quiet', lang: 'en' }, ` ${detail} `),
          sample.map((id) => [' ', billLink(id, false)]),
        ),
      ),
    ),
  );
}

function messages({ messages: rows, cost }: ForecastFactsShown): JSX.Element {
  type Row = (typeof rows)[number];
  const costOf = ({ channel, form }: Row): string => {
    const lines = cost.lines.filter((line) => line.channel === channel && line.form === form);
    if (lines.some((line) => line.cost === null)) return say(forecastWords.noPrice);
    return `${count(lines.reduce((sum, line) => sum + (line.cost ?? 0), 0))} ${cost.currency}`;
  };
  return section(
    say(forecastWords.messages),
    dataTable<Row>(
      say(forecastWords.messages),
      [
        { head: say(forecastWords.form), isHead: true, cell: ({ form }) => channelName(form.toUpperCase()) },
        { head: say(forecastWords.count), isNumber: true, cell: (row) => count(row.messages) },
        { head: say(forecastWords.averageBytes), isNumber: true, cell: (row) => count(row.averageBytes) },
        { head: say(forecastWords.mostBytes), isNumber: true, cell: (row) => count(row.mostBytes) },
        { head: say(forecastWords.price), isNumber: true, cell: costOf },
      ],
      rows.map((row) => ({ key: `${row.channel} ${row.form}`, row })),
    ),
  );
}

function turns({ turns: groups }: ForecastFactsShown): JSX.Element | null {
  if (groups.length === 0) return null;
  return section(
    say(forecastWords.turns),
    h(
      'ul',
      { class: 'lines' },
      groups.map(({ from, to, why, bills }) =>
        h(
          'li',
          { key: `${from} ${to} ${why}` },
          h('strong', null, count(bills)),
          ` ${channelName(from)} → ${channelName(to)}: ${say(turnWords[why])}`,
        ),
      ),
    ),
  );
}

function details(facts: ForecastFactsShown): JSX.Element {
  const { amounts, withoutAmount, notHeld, quietHours, template, asOf, domains, otherDomains } = facts;
  const mails = domains.reduce((sum, { bills }) => sum + bills, otherDomains);
  const shares = domains.map(({ domain, bills }) => `${domain} ${share(bills, mails)}`);
  const others =
    otherDomains === 0 ? [] : [`${say(forecastWords.otherDomains)} ${share(otherDomains, mails)}`];
  return h(
    'dl',
    { class: 'facts' },
    amounts.map(({ currency, sum }) =>
      fact(`${say(forecastWords.amounts)} (${currency})`, h('strong', null, money(sum, currency))),
    ),
    fact(say(forecastWords.durations), durationsText(facts)),
    withoutAmount > 0 && fact(say(forecastWords.unknownAmount), count(withoutAmount)),
    mails > 0 && fact(say(forecastWords.domains), [...shares, ...others].join(', ')),
    quietHours.bills > 0 && fact(say(forecastWords.quiet), count(quietHours.bills)),
    notHeld > 0 && fact(say(forecastWords.notHeld), count(notHeld)),
    fact(say(forecastWords.template), `${template.name} ${template.version}`),
    fact(say(forecastWords.asOf), moment(asOf)),
  );
}

function durationsText({
  duration: { atProviderPace, atMeasuredRate, atPlannedPace, atWarmup },
}: ForecastFactsShown) {
  const known = [
    [durationPhrases.providerPace, atProviderPace],
    [durationPhrases.measuredRate, atMeasuredRate],
    [durationPhrases.plannedPace, atPlannedPace],
    [durationPhrases.warmup, atWarmup],
  ] as const;
  const texts = known.flatMap(([phrase, one]) =>
    one === null ? [] : [say(phrase)(duration(one.seconds * 1_000))],
  );
  return texts.length === 0
    ? say(forecastWords.durationUnknown)
    : [...texts, say(forecastWords.onTop)].join('; ');
}
