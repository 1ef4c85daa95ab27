import { type AlertRule, alertRules } from './alertRules.ts';
import { recordingRules } from './recordingRules.ts';

/** The rules as Prometheus reads them. Every text is a JSON string, which YAML reads too. */
export function renderRules(): string {
  const lines = [
    '# Written by `npm run docs` from tools/ops. Do not edit.',
    'groups:',
    // One group: its rules are evaluated in order, so that alerts see the fresh recordings.
    '  - name: billcast',
    '    rules:',
    ...recordingRules.flatMap(({ record, expr }) => [
      `      - record: ${record}`,
      `        expr: ${JSON.stringify(expr)}`,
    ]),
    ...alertRules.flatMap(linesOf),
  ];
  return `${lines.join('\n')}\n`;
}

function linesOf(rule: AlertRule): string[] {
  return [
    `      - alert: ${rule.alert}`,
    `        expr: ${JSON.stringify(rule.expr)}`,
    `        for: ${rule.for}`,
    '        labels:',
    `          severity: ${rule.severity}`,
    '        annotations:',
    `          summary: ${JSON.stringify(rule.summary)}`,
    `          description: ${JSON.stringify(rule.description)}`,
    `          runbook_url: docs/runbooks/${rule.alert}.md`,
    `          command: ${JSON.stringify(`npx ${rule.command}`)}`,
  ];
}
