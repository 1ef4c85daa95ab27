import { type ComponentChild, h, type JSX } from 'preact';
import type { ForecastFactsShown } from '../../api/contract/forecastsContract.ts';
import { may } from '../app/session.ts';
import { billLink } from '../parts/billLink.ts';
import { channelWord } from '../words/channelWords.ts';
import { count, money, rate } from '../words/format.ts';
import { type Pair, say } from '../words/language.ts';
import { forecastWords, longestOf } from './forecastWords.ts';

type Outliers = ForecastFactsShown['outliers'];

interface Found {
  readonly billId: string;
  readonly text: string;
}

/** Bills that a person should look at before a month goes out, each with a link to its preview. */
export function outlierList(outliers: Outliers): JSX.Element {
  const { longest, mostItems, largest, zero, negative, unlikeLastMonth } = outliers;
  const byChannel = [...Map.groupBy(longest, ({ channel }) => channel)];
  return h(
    'section',
    { class: 'part' },
    h('h3', null, say(forecastWords.outliers)),
    h('p', { class: 'quiet' }, say(outliersHelp(may))),
    h(
      'dl',
      { class: 'facts outliers' },
      byChannel.map(([channel, bills]) =>
        row(
          say(longestOf)(channelWord(channel)),
          bills.map(({ billId, bytes }) => ({ billId, text: `${count(bytes)} B` })),
        ),
      ),
      row(
        say(forecastWords.mostItems),
        mostItems.map(({ billId, items }) => ({ billId, text: count(items) })),
      ),
      row(say(forecastWords.largest), largest.map(amountOf)),
      row(say(forecastWords.zero), zero.bills.map(amountOf), zero.count),
      row(say(forecastWords.negative), negative.bills.map(amountOf), negative.count),
      row(
        say(forecastWords.unlike),
        unlikeLastMonth.bills.map((bill) => ({
          ...amountOf(bill),
          text: `× ${rate(bill.ratio)}, ${amountOf(bill).text}`,
        })),
        unlikeLastMonth.count,
      ),
    ),
  );
}

/** Approvers may see ids and amounts only: opening the bills themselves is for agents. */
export function outliersHelp(can: typeof may): Pair {
  if (!can('readHistory')) return forecastWords.outliersClosed;
  return can('preview') ? forecastWords.outliersHelp : forecastWords.outliersUnseen;
}

function amountOf({ billId, amount, currency }: Outliers['largest'][number]): Found {
  return { billId, text: money(String(amount), currency) };
}

function row(name: string, bills: readonly Found[], all?: number): JSX.Element | null {
  if (bills.length === 0) return null;
  const content: ComponentChild[] = bills.map(({ billId, text }) =>
    h('span', { key: billId, class: 'outlier' }, billLink(billId, false), h('small', null, ` ${text}`)),
  );
  return h(
    'div',
    { key: name },
    h('dt', null, name, all === undefined ? '' : ` (${count(all)})`),
    h('dd', null, content),
  );
}
