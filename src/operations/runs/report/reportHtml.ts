import { reportEnds } from '../../../db/runs/reportRows.ts';
import { escapeHtml } from '../../../lib/escapeHtml.ts';
import { createAmountFormat } from './amountFormat.ts';
import type { EndFacts, Report, SumFacts } from './reportFacts.ts';
import { type ReportLanguage, type ReportWords, reportWords } from './reportPhrases.ts';
import type { ReportAnswer } from './runReport.ts';

/** A report, and how its page is to be written. */
export interface ReportPage {
  readonly report: Report;
  readonly language: ReportLanguage;
  /** An IANA name. */
  readonly timeZone: string;
  /** Who signed it, and whether the tables now differ from it; null if nobody has signed. */
  readonly signature: ReportAnswer['signature'];
}

/** A page for printing. It loads nothing and runs no script. */
export function reportHtml(page: ReportPage): string {
  const words = reportWords[page.language];
  const { report } = page;
  const name = report.scope.kind === 'run' ? report.scope.run : report.scope.month;
  const print = createPrinter(page);
  return [
    `<!doctype html><html lang="${page.language}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(`${words.title} ${name}`)}</title><style>${styles}</style></head><body>`,
    `<h1>${escapeHtml(words.title)} <b>${escapeHtml(name)}</b></h1>`,
    ...headLines(page, words, print),
    ...sections(report, words, print),
    '</body></html>\n',
  ].join('');
}

interface Printer {
  readonly count: (bills: number) => string;
  /** Writes the number of bills, with the amounts below. */
  readonly sum: (sum: SumFacts) => string;
  readonly time: (iso: string) => string;
}

function createPrinter({ language, timeZone }: ReportPage): Printer {
  const amount = createAmountFormat(language);
  const counts = new Intl.NumberFormat(language);
  const times = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'medium', timeZone });
  return {
    count: (bills) => counts.format(bills),
    sum({ bills, amounts }) {
      const lines = Object.entries(amounts ?? {}).map(([currency, digits]) => amount(digits, currency));
      return [counts.format(bills), ...lines.map((line) => `<small>${escapeHtml(line)}</small>`)].join('');
    },
    time: (iso) => `${times.format(new Date(iso))} (${timeZone})`,
  };
}

function headLines({ report, signature }: ReportPage, words: ReportWords, { time }: Printer): string[] {
  const signed =
    signature === null
      ? words.notSigned
      : `${words.signedBy} ${signature.by}, ${time(signature.at)}. SHA-256 ${signature.sha256}`;
  return [
    `<p>${escapeHtml(`${words.asOf} ${time(report.asOf)}`)}</p>`,
    `<p>${escapeHtml(signed)}</p>`,
    ...(signature?.note ? [`<p>${escapeHtml(`${words.note}: ${signature.note}`)}</p>`] : []),
    ...(signature !== null && signature.differs.length > 0
      ? [`<p class="warn">${escapeHtml(words.differs)}</p>`]
      : []),
    ...(report.isOver ? [] : [`<p class="warn">${escapeHtml(words.open)}</p>`]),
    `<p class="${report.addsUp ? 'good' : 'warn'}">${escapeHtml(report.addsUp ? words.adds : words.addsNot)}</p>`,
    ...(report.batch.amounts === null ? [`<p class="warn">${escapeHtml(words.noAmounts)}</p>`] : []),
  ];
}

function sections(report: Report, words: ReportWords, print: Printer): string[] {
  const { domains } = report;
  return [
    batchTable(report, words, print),
    endsTable(
      words.channel,
      report.byChannel.map((one) => [one.channel, one]),
      words,
      print,
    ),
    endsTable(
      words.path,
      report.byPath.map((one) => [one.path.join(' → '), one]),
      words,
      print,
    ),
    report.byRun.length < 2
      ? ''
      : endsTable(
          words.run,
          report.byRun.map((one) => [one.run, one]),
          words,
          print,
        ),
    reasonTable(report, words, print),
    providerTable(report, words, print),
    table(
      [words.receipts, words.bills],
      Object.entries(report.receipts).map(([word, sum]) => [
        words.words[word as keyof Report['receipts']],
        print.sum(sum),
      ]),
    ),
    domains === null
      ? ''
      : endsTable(
          words.domain,
          [
            ...domains.top.map((one) => [one.domain, one] as const),
            [`${words.rest} (${print.count(domains.rest.domains)})`, domains.rest],
            [words.withoutAddress, domains.withoutAddress],
            [words.unreadable, domains.unreadable],
          ],
          words,
          print,
        ),
    table(
      [words.outside, words.bills],
      [
        [words.noRow, print.sum(report.outside.noRow)],
        [words.elsewhere, print.sum(report.outside.elsewhere)],
      ],
    ),
    statementTable(report, words, print),
    table(
      [words.checks, ''],
      report.checks.map(({ name, ok, detail }) => [
        words.checkNames[name],
        ok ? words.holds : `<b class="warn">${words.holdsNot}</b><small>${escapeHtml(detail ?? '')}</small>`,
      ]),
    ),
  ];
}

function batchTable(report: Report, words: ReportWords, print: Printer): string {
  return table(
    [words.batch, print.sum(report.batch)],
    reportEnds.map((end) => [words.ends[end], print.sum(report[end])]),
  );
}

/** A table with a line per key and a column per end. Ends that do not occur are left out. */
function endsTable(
  head: string,
  lines: readonly (readonly [name: string, ends: EndFacts])[],
  words: ReportWords,
  print: Printer,
): string {
  const shown = reportEnds.filter((end) => lines.some(([, ends]) => ends[end].bills > 0));
  return table(
    [head, ...shown.map((end) => words.ends[end])],
    lines.map(([name, ends]) => [escapeHtml(name), ...shown.map((end) => print.sum(ends[end]))]),
  );
}

function reasonTable({ byReason }: Report, words: ReportWords, print: Printer): string {
  return table(
    [words.reason, words.state, words.bills],
    byReason.map(({ state, reason, meaning, retried, ...sum }) => [
      `${escapeHtml(reason ?? '–')}<small>${escapeHtml(meaning ?? '')}</small>`,
      words.ends[state],
      `${print.sum(sum)}${retried === 0 ? '' : `<small>${print.count(retried)} ${words.retried}</small>`}`,
    ]),
  );
}

function providerTable({ byProvider, cost }: Report, words: ReportWords, print: Printer): string {
  const rows = byProvider.map((one) => [
    `${escapeHtml(one.provider ?? words.unknownProvider)}<small>${one.channel}</small>`,
    `${print.count(one.messages)}${one.longMessages ? `<small>${print.count(one.longMessages)} ${words.long}</small>` : ''}`,
    print.sum(one.delivered),
    print.sum(one.inDoubt),
    escapeHtml(one.price ?? '–'),
    escapeHtml(one.cost ?? '–'),
  ]);
  const { delivered, inDoubt } = words.ends;
  const total =
    cost === null
      ? ''
      : `<p>${words.total}: ${cost.isLeast ? `${words.atLeast} ` : ''}<b>${escapeHtml(cost.total)} ${escapeHtml(cost.currency)}</b>${cost.messagesWithoutPrice === 0 ? '' : `, ${print.count(cost.messagesWithoutPrice)} ${words.withoutPrice}`}</p>`;
  return table([words.provider, words.messages, delivered, inDoubt, words.price, words.cost], rows) + total;
}

function statementTable({ statements }: Report, words: ReportWords, { count }: Printer): string {
  const heads = [words.theirs, words.ours, words.matched, words.onlyTheirs, words.onlyOurs, words.otherwise];
  return table(
    [words.statements, ...heads],
    statements.map((one) => [
      `${escapeHtml(one.provider)}<small>${escapeHtml(one.fileName)}</small>`,
      `${count(one.theirs)}<small>${escapeHtml(one.theirCost ?? '–')}</small>`,
      `${count(one.ours)}<small>${escapeHtml(one.ourCost ?? '–')}</small>`,
      count(one.matched),
      `${count(one.onlyTheirs)}${one.otherRuns === 0 ? '' : `<small>${count(one.otherRuns)} ${words.otherRuns}</small>`}`,
      count(one.onlyOurs),
      count(one.different + one.repeated),
    ]),
  );
}

/** The cells are HTML. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const head = heads.map((cell) => `<th scope="col">${cell}</th>`).join('');
  const body = rows.map(
    ([first = '', ...cells]) =>
      `<tr><th scope="row">${first}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`,
  );
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

const styles = `
body{font:15px/1.5 system-ui,sans-serif;color:#111;background:#fff;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;font-weight:400;margin:0 0 1rem}p{margin:.25rem 0;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;margin:1.5rem 0;break-inside:avoid}
th,td{border-bottom:1px solid #ccc;padding:.35rem .5rem;text-align:right;vertical-align:top;
font-variant-numeric:tabular-nums}
th:first-child{text-align:left}thead th{border-bottom:2px solid #111}tbody th{font-weight:400}
small{display:block;color:#444;font-size:.85em}.warn{color:#a40000;font-weight:600}.good{color:#045d24}
@media (max-width:40rem){table{display:block;overflow-x:auto}}
@media print{body{margin:0;max-width:none;font-size:11px}}
`;
