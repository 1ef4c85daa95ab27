import { styleText } from 'node:util';
import type { Finding } from '../operations/doctor/finding.ts';

const colours = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

/** Findings, one per line. Coloured only if the stream is a terminal that wants colours. */
export function findingLines(findings: readonly Finding[], stream: NodeJS.WriteStream): string {
  const width = Math.max(12, ...findings.map(({ check }) => check.length));
  return findings
    .map(({ check, verdict, text }) => {
      const mark = styleText(colours[verdict], verdict.padEnd(4), { stream });
      return `${mark}  ${check.padEnd(width)}  ${text}\n`;
    })
    .join('');
}
