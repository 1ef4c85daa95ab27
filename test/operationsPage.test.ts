import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { commandRegistry } from '../src/cli/commandRegistry.ts';
import { projectDir } from '../src/lib/projectDir.ts';

const text = readFileSync(join(projectDir, 'docs', 'operations.md'), 'utf8');
const named = [...text.matchAll(/`([^`]+)`/g)].map(([, words = '']) => words);

/** The addresses of the routes, as their files write them. */
function routePaths(): string[] {
  const folder = join(projectDir, 'src', 'api', 'routes');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const files = names.map((file) => readFileSync(join(folder, file), 'utf8'));
  return files.flatMap((file) =>
    [...file.matchAll(/['`](\/[\w/.:${}-]+)['`]/g)].map(([, path = '']) => path),
  );
}

describe('docs/operations.md', () => {
  it('names pages that exist', () => {
    const paths = named.filter(
      (words) => /^\/[\w/:-]*$/.test(words) && !['/metrics', '/docs', '/api/v1'].includes(words),
    );
    const list = readFileSync(join(projectDir, 'src', 'dashboard', 'app', 'pageList.ts'), 'utf8');
    const known = [...list.matchAll(/path: '([^']+)'/g)].map(([, path]) => path);
    assert.deepEqual(
      paths.filter((path) => !known.includes(path)),
      [],
    );
  });

  it('names commands that exist', () => {
    const known = commandRegistry.map(({ name }) => name);
    const commands = named
      .filter((words) => /^[a-z]+( (--?[a-z]|[A-Z]).*)?$/.test(words))
      .map((words) => words.split(' ')[0] ?? '');
    const fields = ['lag', 'retransmissions', 'npx'];
    assert.deepEqual(
      commands.filter((name) => !known.includes(name) && !fields.includes(name)),
      [],
    );
  });

  it('names routes that exist', () => {
    const known = routePaths().map((path) => path.replace('/api/v1', '').replaceAll(/:\w+/g, ':'));
    const routes = named.flatMap((words) => /^(?:GET|POST) (\/\S+)$/.exec(words)?.[1] ?? []);
    const unknown = routes.filter((route) => {
      const path = route.replaceAll(/:\w+/g, ':').replace('/EMAIL/', '/:/');
      // Some are put together: `/api/v1/bills/:billId/preview.${...}`.
      return !known.some(
        (one) => one === path || (one.includes('$') && path.startsWith(one.split('$')[0] ?? '')),
      );
    });
    assert.ok(routes.length > 15);
    assert.deepEqual(unknown, []);
  });

  it('names metrics that exist', () => {
    const folder = join(projectDir, 'src', 'metrics');
    const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    const metrics = named.filter((words) => words.startsWith('billcast_'));
    assert.ok(metrics.length > 5);
    assert.deepEqual(
      metrics.filter((name) => !sources.some((source) => source.includes(name))),
      [],
    );
  });
});
