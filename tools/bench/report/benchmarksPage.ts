import type { SavedReport } from './report.ts';
import { markdownTable } from './textTable.ts';

/** The titles of the results of the documented commands, in the order of the page. */
const subjects: Readonly<Record<string, string>> = {
  preloaded: 'All events are in Kafka before the start',
  published: 'Released by POST /publish and relayed, then sent',
  'while-sending': 'Released while others are sent',
  pgp: "pgcrypto's OpenPGP instead of AES-256-GCM",
  consumers: 'Five ways to consume, each killed once',
  latency: 'Bills that come alone',
  'wire-http2': 'Over HTTP/2',
  'wire-postfix': "To Postfix's smtp-sink, beside its smtp-source",
  questions: 'Questions to ten million bills',
  'questions-while-sending': 'Questions to ten million bills while others are sent',
  watched: 'Beside the api, its metrics and a page that watches',
  'scale-bills': 'More bills',
  'scale-in-flight': 'More bills in flight',
  'scale-processes': 'More dispatchers',
  'scale-partitions': 'More partitions',
  'scale-batch-size': 'Larger batches',
  'scale-items': 'More lines per bill',
};

const places = Object.keys(subjects);

/** Pure: orders names of results as the page has them; others come last, by name. */
export function byPlace(left: string, right: string): number {
  return placeOf(left) - placeOf(right) || left.localeCompare(right);
}

function placeOf(name: string): number {
  const place = places.indexOf(name);
  return place === -1 ? places.length : place;
}

/** Pure: the whole of BENCHMARKS.md. */
export function benchmarksPage(
  results: readonly { readonly name: string; readonly report: SavedReport }[],
): string {
  return [
    '# Benchmarks',
    '<!-- Written by `npm run bench -- report`. Do not edit. -->',
    'Results only. [docs/benchmarking.md](docs/benchmarking.md) says how they are made, how to read them\n' +
      'and how to compare two trees. `npm run bench -- report` writes this page from `tools/bench/results`.',
    ...results.map(({ name, report }) => sectionOf(name, report)),
  ]
    .join('\n\n')
    .concat('\n');
}

function sectionOf(name: string, { command, lines, rows }: SavedReport): string {
  return [
    `## ${subjects[name] ?? name}`,
    `\`${command}\``,
    lines.join('\n\n'),
    `![${name}](tools/bench/results/${name}.svg)`,
    markdownTable(rows),
  ].join('\n\n');
}
