import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { commandRegistry } from '../src/cli/commandRegistry.ts';
import { settingNames, settings } from '../src/config/settings.ts';
import { projectDir } from '../src/lib/projectDir.ts';

const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: projectDir });

function read(path: string): string {
  return readFileSync(join(projectDir, path), 'utf8');
}

describe('the documents', () => {
  it('link to files and headings that exist', () => {
    const dead = documents.flatMap((path) =>
      linksIn(path)
        .filter((link) => !leads(path, link))
        .map((link) => `${path}: ${link}`),
    );
    assert.deepEqual(dead, []);
  });

  it("lists each setting in README's table, and no other", () => {
    const named = [...read('README.md').matchAll(/^\| ((?:`[A-Z][A-Z0-9_]+`(?:, )?)+)/gm)].flatMap(
      ([, cell = '']) => [...cell.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name = '']) => name),
    );
    assert.deepEqual([...new Set(named)].sort(), [...settingNames].sort());
  });

  it('lists each setting in .env.example, and no other, with its default', () => {
    const lines = [...read('.env.example').matchAll(/^#([A-Z][A-Z0-9_]+)=(.*)$/gm)];
    assert.deepEqual(lines.map(([, name]) => name).sort(), [...settingNames].sort());
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
    const [, table = ''] = /^## Commands$(.*?)^### /ms.exec(read('README.md')) ?? [];
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
    const [, block = ''] = /&settings\n((?: {6}\S.*\n)+)/.exec(read('compose.yaml')) ?? [];
    const named = [...block.matchAll(/^ {6}(\w+):/gm)].map(([, name = '']) => name);
    assert.ok(named.includes('KAFKA_BROKERS'));
    assert.deepEqual(
      named.filter((name) => !settingNames.includes(name)),
      [],
    );
  });

  it('copy into the image all that a command imports', () => {
    const copied = [...read('Dockerfile').matchAll(/^COPY (\S+) \.\//gm)].map(([, folder]) => folder);
    assert.deepEqual(
      ['src', 'templates', 'providers', 'tools'].filter((folder) => !copied.includes(folder)),
      [],
    );
  });
});

/** Whether a default is more than nothing: an empty list or map stands for an unset setting. */
function isShown(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value).length > 2;
}

function linksIn(path: string): string[] {
  const links = [...read(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => !/^https?:/.test(link));
}

function leads(from: string, link: string): boolean {
  const [path = '', heading] = link.split('#');
  const to = path === '' ? from : join(dirname(from), path);
  if (!existsSync(join(projectDir, to))) return false;
  return heading === undefined || anchorsOf(read(to)).includes(heading);
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
      .replaceAll(' ', '-'),
  );
}
