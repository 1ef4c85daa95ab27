import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { channelNames } from '../src/channels.ts';
import { commandRegistry } from '../src/cli/commandRegistry.ts';
import { settingNames, settings } from '../src/config/settings.ts';
import { projectDir } from '../src/lib/projectDir.ts';
import { documentPaths, readPage } from './support/documentPages.ts';

describe('the documents', () => {
  it('link to files and headings that exist', () => {
    const dead = documentPaths.flatMap((path) =>
      linksIn(path)
        .filter((link) => !leads(path, link))
        .map((link) => `${path}: ${link}`),
    );
    assert.deepEqual(dead, []);
  });

  it('are all in the index by task, and all runbooks in the page on what to do', () => {
    const pages = documentPaths.filter((path) => /^docs\/[^/]+\.md$/.test(path) && path !== 'docs/README.md');
    const runbooks = documentPaths.filter((path) => path.startsWith('docs/runbooks/'));
    assert.deepEqual(notLinked('docs/README.md', pages), []);
    assert.deepEqual(notLinked('docs/what-to-do.md', runbooks), []);
  });

  it("lists each setting in README's table, and no other", () => {
    const cells = [
      ...readPage('README.md').matchAll(/^\| ((?:`[A-Z][A-Z0-9_]+(?:<CHANNEL>\w*)?`(?:, )?)+)/gm),
    ];
    const named = cells
      .flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
      .flatMap((name) => channelNames.map((channel) => name.replace('<CHANNEL>', channel)));
    assert.deepEqual(withoutThose(settingNames, named), []);
    assert.deepEqual(withoutThose(named, settingNames), []);
  });

  it('lists each setting in .env.example, and no other, with its default', () => {
    const lines = [...readPage('.env.example').matchAll(/^#([A-Z][A-Z0-9_]+)=(.*)$/gm)];
    const named = lines.map(([, name = '']) => name);
    assert.equal(named.length, new Set(named).size, 'each once');
    assert.deepEqual(withoutThose(named, settingNames), []);
    // A channel has all of its settings there, or none: they are as those of the others.
    const leftOut = channelNames.filter(
      (channel) => !named.some((name) => name.split('_').includes(channel)),
    );
    assert.deepEqual(
      withoutThose(settingNames, named).filter(
        (name) => !leftOut.some((channel) => name.split('_').includes(channel)),
      ),
      [],
    );
    for (const [line, name = '', text] of lines) {
      const unset = settings.safeParse({}).data;
      const given = settings.safeParse(text === '' ? {} : { [name]: text }).data;
      assert.deepEqual(given, unset, line);
      const isByMachine = ['POOL_THREADS', 'DATA_DIR'].includes(name);
      const hasDefault = Object.entries(unset ?? {}).some(([key, value]) => key === name && isShown(value));
      assert.ok(text !== '' || isByMachine || !hasDefault, `the default of ${name} is missing`);
    }
  });

  it("names each command in README's table, and no other", () => {
    const [, table = ''] = /^## Commands$(.*?)^### /ms.exec(readPage('README.md')) ?? [];
    const cells = [...table.matchAll(/^\| (`.*?) \|/gm)].map(([, cell = '']) => cell);
    const named = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)[^`]*`/g)].map(([, name = '']) => name));
    const ofEmbedded = ['stop', 'status'];
    const known = commandRegistry.map(({ name }) => name);
    assert.deepEqual(
      known.filter((name) => !named.includes(name)),
      [],
    );
    assert.deepEqual(
      named.filter((name) => !known.includes(name) && !ofEmbedded.includes(name)),
      [],
    );
  });

  it('set only settings that exist in compose.yaml', () => {
    const [, ours = ''] = /^ {2}migrate:\n(.*)/ms.exec(readPage('compose.yaml')) ?? [];
    const named = [...ours.matchAll(/^ {6}([A-Z]\w+):/gm)].map(([, name = '']) => name);
    assert.ok(named.includes('KAFKA_BROKERS') && named.includes('API_HOST'));
    assert.deepEqual(
      named.filter((name) => !settingNames.includes(name)),
      [],
    );
  });

  it('use no npx in the image: it writes, and its user may not', () => {
    const commands = ['Dockerfile', 'compose.yaml', 'docs/containers.md'].flatMap((page) =>
      [...readPage(page).matchAll(/^(?!#).*\bnpx\b.*$/gm)].map(([line]) => line),
    );
    assert.deepEqual(commands, []);
  });

  it('let the user of the image write the ledger of the simulated provider', () => {
    const [beforeUser = ''] = readPage('Dockerfile').split('USER node');
    assert.match(beforeUser, /mkdir \.billcast && chown node:node \.billcast/);
    const [, services = ''] = readPage('compose.yaml').split('  dispatcher:');
    assert.equal(services.match(/ledger:\/srv\/billcast\/\.billcast/g)?.length, 2);
  });

  it('copy into the image all that a command imports', () => {
    const copied = [...readPage('Dockerfile').matchAll(/^COPY (\S+) \.\//gm)].map(([, folder]) => folder);
    assert.deepEqual(
      ['src', 'templates', 'providers', 'tools'].filter((folder) => !copied.includes(folder)),
      [],
    );
  });
});

/** Whether a default has content. An empty list or map stands for an unset setting. */
function isShown(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value).length > 2;
}

function withoutThose(names: readonly string[], others: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => !others.includes(name)).sort();
}

function linksIn(path: string): string[] {
  const links = [...readPage(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => !/^https?:/.test(link));
}

function notLinked(from: string, paths: readonly string[]): string[] {
  const linked = linksIn(from).map((link) => join(dirname(from), link.replace(/#.*/, '')));
  return paths.filter((path) => !linked.includes(path));
}

function leads(from: string, link: string): boolean {
  const [path = '', heading] = link.split('#');
  const to = path === '' ? from : join(dirname(from), path);
  if (!existsSync(join(projectDir, to))) return false;
  return heading === undefined || anchorsOf(readPage(to)).includes(heading);
}

/** The anchors that GitHub makes of headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
      .replaceAll(' ', '-'),
  );
}
