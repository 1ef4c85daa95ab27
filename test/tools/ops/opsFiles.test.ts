import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { commandRegistry } from '../../../src/cli/commandRegistry.ts';
import { projectDir } from '../../../src/lib/projectDir.ts';
import { alertRules } from '../../../tools/ops/alertRules.ts';
import { boardRows } from '../../../tools/ops/boardPanels.ts';
import { renderOpsFiles } from '../../../tools/ops/opsFiles.ts';
import { recordingRules } from '../../../tools/ops/recordingRules.ts';
import { readMetricLabels } from '../../support/metricNames.ts';
import { readExpression } from '../../support/promql.ts';

const expressions = [
  ...recordingRules.map(({ expr }) => expr),
  ...alertRules.map(({ expr }) => expr),
  ...boardRows.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(({ expr }) => expr))),
];

/** Labels that Prometheus adds to whatever it reads. */
const added = ['instance', 'job', 'process'];

describe('the files for Prometheus and Grafana', () => {
  it('are as the code writes them: run `npm run docs`', () => {
    for (const [file, text] of renderOpsFiles()) {
      assert.equal(readFileSync(join(projectDir, file), 'utf8'), text, file);
    }
  });

  it('ask only for metrics and labels that the processes have', async () => {
    const labels = new Map(await readMetricLabels());
    for (const { record } of recordingRules) labels.set(record, new Set(['channel']));
    for (const expr of expressions) {
      const { selectors, groupedBy } = readExpression(expr);
      assert.ok(selectors.length > 0, expr);
      const known = new Set(added);
      for (const { metric, labels: asked } of selectors) {
        const own = labels.get(metric);
        assert.ok(own !== undefined, `${metric} in ${expr}`);
        for (const label of own) known.add(label);
        for (const label of asked) assert.ok(own.has(label) || added.includes(label), `${label} in ${expr}`);
      }
      for (const label of groupedBy) assert.ok(known.has(label), `${label} in ${expr}`);
    }
  });

  it('have a page for each alert, and none for others', () => {
    const pages = readdirSync(join(projectDir, 'docs', 'runbooks')).toSorted();
    assert.deepEqual(pages, alertRules.map(({ alert }) => `${alert}.md`).toSorted());
  });

  for (const { alert, command } of alertRules) {
    it(`say at ${alert} what it means, where to look and what to do`, () => {
      const text = readFileSync(join(projectDir, 'docs', 'runbooks', `${alert}.md`), 'utf8');
      const headings = text.split('\n').filter((line) => line.startsWith('#'));
      assert.deepEqual(headings, [`# ${alert}`, '## What it means', '## Look here', '## Do this']);
      assert.ok(
        text.includes(`npx ${command.split(' ', 2).join(' ')}`),
        `${alert} names the command of its rule`,
      );
      for (const [, verb = ''] of text.matchAll(/npx billcast ([a-z]+)/g)) {
        assert.ok(
          commandRegistry.some(({ name }) => name === verb),
          verb,
        );
      }
    });
  }
});
