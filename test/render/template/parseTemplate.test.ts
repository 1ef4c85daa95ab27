import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTemplate } from '../../../src/render/template/parseTemplate.ts';

describe('parseTemplate', () => {
  const refusedOnLine2 = [
    '{{{name}}}',
    '{{&name}}',
    '{{a.b}}',
    '{{../name}}',
    '{{@index}}',
    '{{this}}',
    '{{./name}}',
    '{{helper name}}',
    '{{name key="x"}}',
    '{{"text"}}',
    '{{> partial}}',
    '{{#with name}}{{/with}}',
    '{{#each}}{{/each}}',
    '{{#each a b}}{{/each}}',
    '{{#each items as |item|}}{{/each}}',
    '{{#if (helper name)}}{{/if}}',
    '{{#if a}}{{/each}}',
    '{{#name}}{{/name}}',
  ];
  for (const source of refusedOnLine2) {
    it(`refuses ${source} with its line`, () => {
      const parsed = parseTemplate(`first line\n${source}`);
      assert.equal(parsed.kind === 'refused' && parsed.problems[0]?.line, 2);
    });
  }

  it('reports every problem at once', () => {
    const parsed = parseTemplate('{{{a}}}\n{{#if b}}\n{{c d}}\n{{/if}}');
    assert.deepEqual(parsed.kind === 'refused' && parsed.problems.map(({ line }) => line), [1, 3]);
  });

  it('refuses what has no end', () => {
    const open = parseTemplate('{{#if a}}\nb');
    assert.ok(open.kind === 'refused');
    assert.match(open.problems[0]?.message ?? '', /^the file ends within an .*: write its /);
    assert.equal(parseTemplate('{{a').kind, 'refused');
  });
});
