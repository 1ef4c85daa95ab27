import { z } from 'zod';

const bar = z.object({ label: z.string(), value: z.number() });

const report = z.object({
  /** What was measured, where and with which settings. */
  lines: z.array(z.string()),
  /** The first row names the columns. */
  rows: z.array(z.array(z.string())),
  /** What the chart shows. */
  bars: z.array(bar),
  unit: z.string(),
  /** The figures for programs. */
  facts: z.record(z.string(), z.unknown()),
});

const savedReport = report.extend({
  /** The command that made it. */
  command: z.string(),
});

/** One bar of a chart. Its value is 0 or more. */
export type Bar = z.infer<typeof bar>;

/** The result of one measurement. */
export type Report = z.infer<typeof report>;

/** A result that is kept for BENCHMARKS.md. */
export type SavedReport = z.infer<typeof savedReport>;

export function parseSavedReport(text: string): SavedReport {
  return savedReport.parse(JSON.parse(text));
}
