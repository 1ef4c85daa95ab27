import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandsIn, fencesIn, readPage } from '../support/documentPages.ts';

interface Section {
  readonly level: number;
  /** The commands of its blocks, without comments. */
  readonly commands: readonly string[];
  /** The first cells of tables that name a setting or a command. */
  readonly rows: readonly string[];
  readonly settings: readonly string[];
  readonly links: readonly string[];
}

/** What must be the same in both languages, per heading. */
function sectionsOf(path: string): Section[] {
  const blocks = fencesIn(readPage(path)).map(({ text }) => text);
  const prose = readPage(path).replaceAll(/^```[^\n`]*\n.*?^```$/gms, '{block}');
  return prose
    .split(/^(?=#+ )/m)
    .filter((part) => part !== '')
    .map((part) => ({
      level: /^#*/.exec(part)?.[0].length ?? 0,
      commands: [...part.matchAll(/\{block\}/g)].flatMap(() => commandsIn(blocks.shift() ?? '')),
      rows: [...part.matchAll(/^\| (`[^|]*`) \|/gm)].map(([, cell = '']) => cell),
      settings: [...new Set(matchesOf(part, /`([A-Z][A-Z0-9]*_[A-Z0-9_]+)`/g))].sort(),
      links: matchesOf(part, /\]\(([^)\s]+)\)/g)
        .filter((link) => !/^README(\.ko)?\.md$/.test(link))
        .sort(),
    }));
}

function matchesOf(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, match = '']) => match);
}

describe('README.ko.md', () => {
  it('has the headings, commands, table rows, settings and links of README.md', () => {
    const korean = sectionsOf('README.ko.md');
    const english = sectionsOf('README.md');
    assert.equal(korean.length, english.length, 'the number of headings');
    for (const [index, section] of english.entries()) assert.deepEqual(korean[index], section);
  });

  it('links to README.md, and README.md to it', () => {
    assert.match(readPage('README.ko.md'), /^\[English\]\(README\.md\)$/m);
    assert.match(readPage('README.md'), /^\[한국어\]\(README\.ko\.md\)$/m);
  });
});
