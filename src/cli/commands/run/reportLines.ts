import { reportEnds } from '../../../db/runs/reportRows.ts';
import { counted } from '../../../lib/counted.ts';
import { timeIn } from '../../../lib/timeText.ts';
import { createAmountFormat } from '../../../operations/runs/report/amountFormat.ts';
import type {
  EndFacts,
  ProviderFacts,
  Report,
  SumFacts,
} from '../../../operations/runs/report/reportFacts.ts';
import { reportWords } from '../../../operations/runs/report/reportPhrases.ts';
import type { ReportAnswer } from '../../../operations/runs/report/runReport.ts';
import { formatCount } from '../../output.ts';

const words = reportWords.en;
const amount = createAmountFormat('en');

/** A report for people. */
export function reportText({ report, signature }: ReportAnswer, timeZone: string): string {
  const { scope, checks } = report;
  const name = scope.kind === 'run' ? `run ${scope.run}, ${scope.state}` : scope.month;
  const lines = [
    `Report of ${name}, as of ${timeIn(timeZone)(new Date(report.asOf))} (${timeZone})`,
    ...(signature === null ? [words.notSigned] : signedLines(signature, timeZone)),
    ...(report.isOver ? [] : [words.open]),
    ...(report.batch.amounts === null ? [words.noAmounts] : []),
    '',
    `${words.batch.padEnd(16)} ${sumText(report.batch)}`,
    ...reportEnds.flatMap((end) => (report[end].bills === 0 ? [] : [`  ${endText(end, report[end])}`])),
    ...section(
      words.path,
      report.byPath.map((one) => [one.path.join(' > '), one]),
    ),
    ...(report.byRun.length < 2
      ? []
      : section(
          words.run,
          report.byRun.map((one) => [one.run, one]),
        )),
    ...reasonLines(report),
    ...providerLines(report),
    ...receiptLines(report),
    ...statementLines(report),
    ...domainLines(report),
    ...outsideLines(report),
    '',
    report.addsUp ? words.adds : 'The sums do not add up:',
    ...checks
      .filter(({ ok }) => !ok)
      .map(({ name: what, detail }) => `  not so: ${words.checkNames[what]} (${detail})`),
  ];
  return `${lines.join('\n')}\n`;
}

function signedLines(signature: NonNullable<ReportAnswer['signature']>, timeZone: string): string[] {
  const { by, at, sha256, note, differs } = signature;
  return [
    `${words.signedBy} ${by} at ${timeIn(timeZone)(new Date(at))}; SHA-256 ${sha256}`,
    ...(note === null ? [] : [`Their note: ${note}`]),
    ...(differs.length === 0 ? [] : [`${words.differs} (${differs.join(', ')})`]),
  ];
}

function sumText({ bills, amounts }: SumFacts): string {
  const sums = Object.entries(amounts ?? {}).map(([currency, digits]) => amount(digits, currency));
  return [formatCount(bills).padStart(11), ...sums].join('  ');
}

function endText(end: (typeof reportEnds)[number], sum: SumFacts): string {
  return `${words.ends[end].padEnd(14)} ${sumText(sum)}`;
}

function section(head: string, parts: readonly (readonly [name: string, ends: EndFacts])[]): string[] {
  const lines = parts.flatMap(([name, ends]) => {
    const shown = reportEnds.filter((end) => ends[end].bills > 0);
    return shown.length === 0 ? [] : [`  ${name}`, ...shown.map((end) => `    ${endText(end, ends[end])}`)];
  });
  return lines.length === 0 ? [] : ['', head, ...lines];
}

function reasonLines({ byReason }: Report): string[] {
  if (byReason.length === 0) return [];
  const lines = byReason.map(({ state, reason, meaning, retried, ...sum }) => {
    const again = retried === 0 ? '' : `; ${formatCount(retried)} ${words.retried}`;
    return `  ${words.ends[state].padEnd(10)} ${sumText(sum)}  ${reason ?? '-'}: ${meaning ?? 'no reason is kept'}${again}`;
  });
  return ['', words.reason, ...lines];
}

function providerLines({ byProvider, cost }: Report): string[] {
  if (byProvider.length === 0) return [];
  const total =
    cost === null
      ? 'no prices are set'
      : `${cost.isLeast ? `${words.atLeast} ` : ''}${cost.total} ${cost.currency}` +
        (cost.messagesWithoutPrice === 0
          ? ''
          : `, and ${formatCount(cost.messagesWithoutPrice)} ${words.withoutPrice}`);
  return [
    '',
    words.provider,
    ...byProvider.filter(hasCarried).map(providerLine),
    `  ${words.cost}: ${total}`,
  ];
}

/** Bills that no provider had get no line: they waited, or could not be prepared. */
function hasCarried({ provider, messages, delivered, inDoubt }: ProviderFacts): boolean {
  return provider !== null || messages + delivered.bills + inDoubt.bills > 0;
}

function providerLine(facts: ProviderFacts): string {
  const { provider, channel, messages, longMessages = 0, delivered, inDoubt, cost } = facts;
  const parts = [
    `${counted(messages, 'message')} accepted`,
    ...(longMessages === 0 ? [] : [`${formatCount(longMessages)} ${words.long}`]),
    `${counted(delivered.bills, 'bill')} delivered`,
    ...(inDoubt.bills === 0 ? [] : [`${formatCount(inDoubt.bills)} in doubt`]),
    ...(cost === null ? [] : [`cost ${cost}`]),
  ];
  return `  ${provider ?? `(${words.unknownProvider})`} ${channel}: ${parts.join(', ')}`;
}

function receiptLines({ receipts }: Report): string[] {
  const parts = Object.entries(receipts).flatMap(([word, { bills }]) =>
    bills === 0 ? [] : [`${words.words[word as keyof Report['receipts']]} ${formatCount(bills)}`],
  );
  return parts.length === 0 ? [] : ['', words.receipts, `  ${parts.join(', ')}`];
}

function statementLines({ statements }: Report): string[] {
  if (statements.length === 0) return [];
  const lines = statements.map(
    ({ provider, fileName, theirs, ours, matched, onlyTheirs, onlyOurs, ...more }) => {
      const counts = {
        theirs,
        ours,
        matched,
        onlyTheirs,
        onlyOurs,
        otherwise: more.different + more.repeated,
      };
      const parts = Object.entries(counts).map(
        ([name, count]) => `${words[name as keyof typeof counts]} ${formatCount(count)}`,
      );
      return `  ${provider}, ${fileName}: ${parts.join(', ')}; cost ${more.theirCost ?? '-'}, ours ${more.ourCost ?? '-'}`;
    },
  );
  return ['', words.statements, ...lines];
}

function domainLines({ domains }: Report): string[] {
  if (domains === null) return [];
  return section(words.domain, [
    ...domains.top.map((one) => [one.domain, one] as const),
    [`${words.rest} (${formatCount(domains.rest.domains)})`, domains.rest],
    [words.withoutAddress, domains.withoutAddress],
    [words.unreadable, domains.unreadable],
  ]);
}

function outsideLines({ outside }: Report): string[] {
  const lines = (['noRow', 'elsewhere'] as const).flatMap((name) =>
    outside[name].bills === 0 ? [] : [`  ${sumText(outside[name])}  ${words[name]}`],
  );
  return lines.length === 0 ? [] : ['', words.outside, ...lines];
}
