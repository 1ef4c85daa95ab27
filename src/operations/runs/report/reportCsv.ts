import { reportEnds } from '../../../db/runs/reportRows.ts';
import { csvText } from '../../csvText.ts';
import type { EndFacts, Report, SumFacts } from './reportFacts.ts';

type Line = readonly [part: string, name: string, state: string, sum: SumFacts];

/**
 * The sums of a report as CSV (RFC 4180), for a spreadsheet: a line per sum and currency. The lines of each
 * part add up to those of `batch`.
 */
export function reportCsv(report: Report): string {
  const records = linesOf(report).flatMap(([part, name, state, { bills, amounts }]) => {
    const sums = Object.entries(amounts ?? {});
    if (sums.length === 0) return [[part, name, state, bills, '', '']];
    return sums.map(([currency, amount], index) => [
      part,
      name,
      state,
      index === 0 ? bills : '',
      amount,
      currency,
    ]);
  });
  const heads = ['part', 'name', 'state', 'bills', 'amount', 'currency'];
  return csvText([heads, ...records]);
}

function linesOf(report: Report): Line[] {
  const { outside, domains } = report;
  return [
    ['batch', '', '', report.batch],
    ...endsOf('batch', '', report),
    ...report.byChannel.flatMap((one) => endsOf('channel', one.channel, one)),
    ...report.byPath.flatMap((one) => endsOf('path', one.path.join('>'), one)),
    ...report.byRun.flatMap((one) => endsOf('run', one.run, one)),
    ...report.byReason.map((one): Line => ['reason', one.reason ?? '', one.state, one]),
    ...report.byProvider.flatMap(({ provider, channel, delivered, inDoubt }): Line[] => [
      ['provider', `${provider ?? ''}/${channel}`, 'delivered', delivered],
      ['provider', `${provider ?? ''}/${channel}`, 'inDoubt', inDoubt],
    ]),
    ...Object.entries(report.receipts).map(([word, sum]): Line => ['receipt', word, 'delivered', sum]),
    ...(domains === null
      ? []
      : [
          ...domains.top.flatMap((one) => endsOf('domain', one.domain, one)),
          ...endsOf('domain', '(rest)', domains.rest),
          ...endsOf('domain', '(none)', domains.withoutAddress),
          ...endsOf('domain', '(unreadable)', domains.unreadable),
        ]),
    ['outside', 'noRow', '', outside.noRow],
    ['outside', 'elsewhere', '', outside.elsewhere],
  ];
}

function endsOf(part: string, name: string, ends: EndFacts): Line[] {
  return reportEnds.flatMap((end) =>
    ends[end].bills === 0 && name !== '' ? [] : [[part, name, end, ends[end]] as const],
  );
}
