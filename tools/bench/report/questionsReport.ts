import type { QuestionsResult } from '../questions/measureQuestions.ts';
import { machineLine } from './machine.ts';
import type { Report } from './report.ts';

/** How long people wait for answers. */
export function questionsReport({ machine, options, bills, answers }: QuestionsResult): Report {
  const beside = options.beside === undefined ? 'Nothing else went on.' : `Beside: ${options.beside}.`;
  return {
    lines: [
      machineLine(machine),
      `${bills.toLocaleString('en')} bills; each question ${options.times} times, one at a time, by HTTP. ${beside}`,
    ],
    rows: [
      ['ms', 'p50', 'p99', 'max'],
      ...answers.map(({ label, latency: { p50, p99, max } }) => [
        label,
        ...[p50, p99, max].map((ms) => ms.toFixed(1)),
      ]),
    ],
    bars: answers.map(({ label, latency }) => ({ label, value: latency.p99 })),
    unit: 'ms at p99',
    facts: { machine, options, bills, answers },
  };
}
