import { messageForms } from '../channelModule.ts';
import { channels } from '../channels.ts';
import { counted } from '../lib/counted.ts';
import { moneyText } from '../lib/moneyText.ts';
import { becauseOf } from '../operations/explain/reasons.ts';
import { spanText } from '../operations/explain/wording.ts';
import type { ForecastFacts } from '../operations/forecast/forecast.ts';
import type { AmountOfBill, OutlierGroup } from '../operations/forecast/outliers.ts';
import { formatCount } from './output.ts';

/** Pure. A forecast in lines for a terminal. */
export function forecastLines(facts: ForecastFacts): string {
  if (facts.bills === 0) {
    return `No held bills. Of the selection ${formatCount(facts.notHeld)} are released, sent or cancelled already.\n`;
  }
  return [
    ...headLines(facts),
    ...messageLines(facts),
    ...turnLines(facts),
    ...failureLines(facts),
    ...quietLines(facts),
    ...amountLines(facts),
    ...durationLines(facts),
    ...costLines(facts),
    ...domainLines(facts),
    ...outlierLines(facts),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function headLines({ month, bills, notHeld, sampled, template }: ForecastFacts): string[] {
  const others =
    notHeld === 0 ? '' : `; ${formatCount(notHeld)} more are released, sent or cancelled already`;
  return [
    `${month === null ? '' : `${month}: `}${formatCount(bills)} held bills${others}`,
    sampled === null
      ? `Each was rendered with the template ${template.name} ${template.version}.`
      : `Sampled: ${formatCount(sampled.bills)} of ${formatCount(sampled.of)} were rendered with the template ` +
        `${template.name} ${template.version}. Counts are of these; duration and cost are scaled to all.`,
  ];
}

function messageLines({ messages }: ForecastFacts): string[] {
  return [
    'Messages',
    ...messages.map(({ channel, form, messages: count, averageBytes, mostBytes }) => {
      const name = form === channels[channel].forms[0] ? channel : form.toUpperCase();
      const bytes = `${formatCount(averageBytes)} bytes on average, ${formatCount(mostBytes)} at most`;
      return `  ${name.padEnd(9)}${formatCount(count).padStart(11)}  ${bytes}`;
    }),
  ];
}

const turnWords = {
  noContact: 'the member has no usable contact',
  refused: 'the address was refused for good before',
  suppressed: 'the address is on the suppression list',
} as const;

function turnLines({ turned, turns, turnLimit, bills, sampled }: ForecastFacts): string[] {
  if (turned === 0) return [];
  const share = turned / (sampled?.bills ?? bills);
  const above =
    share > turnLimit ? `: above ${percent(turnLimit)} the brake stops, so publish with --expect-sms` : '';
  return [
    `By another channel than their first: ${formatCount(turned)} (${percent(share)})${above}`,
    ...turns.map(
      ({ from, to, why, bills: count }) =>
        `  ${formatCount(count).padStart(9)}  ${from} to ${to}: ${turnWords[why]}`,
    ),
  ];
}

function failureLines({ failures }: ForecastFacts): string[] {
  if (failures.length === 0) return ['None of them would fail.'];
  return [
    `Would fail: ${formatCount(failures.reduce((sum, { bills }) => sum + bills, 0))}`,
    ...failures.map(({ channel, reason, detail, bills, sample }) => {
      const words = detail === '' ? becauseOf(reason) : detail;
      return `  ${formatCount(bills).padStart(9)}  ${channel} ${reason}: ${words} (bills ${sample.join(', ')})`;
    }),
  ];
}

function quietLines({ quietHours: { bills, longestMs } }: ForecastFacts): string[] {
  if (bills === 0) return [];
  return [
    `In quiet hours now: ${formatCount(bills)}. They would wait, the last of them ${spanText(longestMs)}.`,
  ];
}

function amountLines({ amounts, withoutAmount }: ForecastFacts): string[] {
  return [
    ...amounts.map(
      ({ currency, bills, sum }) => `Amounts: ${moneyText(sum, currency)} in ${counted(bills, 'bill')}`,
    ),
    ...(withoutAmount === 0 ? [] : [`Amount unknown: ${counted(withoutAmount, 'bill')}`]),
  ];
}

function durationLines({ duration }: ForecastFacts): string[] {
  const { atProviderPace, atMeasuredRate, atPlannedPace, atWarmup, expected } = duration;
  if (expected === null) {
    return ['Duration: unknown. Set PROVIDER_RATES; nothing was sent yet that it could be measured with.'];
  }
  const lines = [
    `Duration: about ${spanText(expected.seconds * 1_000)}, without quiet hours and send windows`,
  ];
  if (atProviderPace !== null) {
    const { seconds, channel } = atProviderPace;
    lines.push(`  at the pace of the providers (PROVIDER_RATES, ${channel}): ${spanText(seconds * 1_000)}`);
  }
  if (atMeasuredRate !== null) {
    const { seconds, billsPerSecond, month } = atMeasuredRate;
    lines.push(
      `  as the bills of ${month} went out (${formatCount(billsPerSecond)} per second): ${spanText(seconds * 1_000)}`,
    );
  }
  if (atPlannedPace !== null) {
    const { seconds, billsPerSecond } = atPlannedPace;
    lines.push(
      `  at the planned pace (${formatCount(billsPerSecond)} per second): ${spanText(seconds * 1_000)}`,
    );
  }
  if (atWarmup !== null) {
    const { seconds, day } = atWarmup;
    lines.push(`  by the warm-up plan (SMTP_WARMUP), the last on ${day}: ${spanText(seconds * 1_000)}`);
  }
  return lines;
}

function costLines({ cost: { total, unpriced, currency, lines } }: ForecastFacts): string[] {
  if (total === null) {
    const names = messageForms.map((form) => `PRICE_${form.toUpperCase()}`);
    return [`Cost: unknown. Set ${names.join(', ')}.`];
  }
  const without = unpriced === 0 ? '' : `, without ${counted(unpriced, 'message')} that no price is known of`;
  return [
    `Cost: ${formatCount(total)} ${currency}${without}`,
    ...lines.map(({ form, provider, messages, price, cost }) => {
      const sum = price === null ? 'no price' : `x ${price} = ${formatCount(cost ?? 0)} ${currency}`;
      return `  ${formatCount(messages).padStart(9)}  ${form} by ${provider} ${sum}`;
    }),
  ];
}

function domainLines({ domains, otherDomains }: ForecastFacts): string[] {
  const all = domains.reduce((sum, { bills }) => sum + bills, otherDomains);
  if (all === 0) return [];
  const shares = domains.map(({ domain, bills }) => `${domain} ${percent(bills / all)}`);
  const others = otherDomains === 0 ? [] : [`others ${percent(otherDomains / all)}`];
  return [`E-mail domains: ${[...shares, ...others].join(', ')}`];
}

function outlierLines({ outliers }: ForecastFacts): string[] {
  const { longest, mostItems, largest, zero, negative, unlikeLastMonth, unlikeFactor } = outliers;
  const lines = [...Map.groupBy(longest, ({ channel }) => channel)].map(
    ([channel, bills]) =>
      `  longest ${channel}: ${bills.map(({ billId, bytes }) => `${billId} (${formatCount(bytes)} bytes)`).join(', ')}`,
  );
  if (mostItems.length > 0) {
    lines.push(`  most items: ${mostItems.map(({ billId, items }) => `${billId} (${items})`).join(', ')}`);
  }
  if (largest.length > 0) lines.push(`  largest: ${largest.map(amountText).join(', ')}`);
  lines.push(...groupLine('zero', zero), ...groupLine('negative', negative));
  if (unlikeLastMonth.count > 0) {
    const bills = unlikeLastMonth.bills.map((bill) => `${amountText(bill)} x ${bill.ratio}`);
    lines.push(
      `  unlike last month, by ${unlikeFactor} times or more: ${formatCount(unlikeLastMonth.count)}, ` +
        `such as ${bills.join(', ')}`,
    );
  }
  return lines.length === 0 ? [] : ['Look at these first (billcast preview <billId>)', ...lines];
}

function groupLine(name: string, { count, bills }: OutlierGroup<AmountOfBill>): string[] {
  if (count === 0) return [];
  return [`  ${name}: ${formatCount(count)}, such as ${bills.map(amountText).join(', ')}`];
}

function amountText({ billId, amount, currency }: AmountOfBill): string {
  return `${billId} (${moneyText(String(amount), currency)})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
