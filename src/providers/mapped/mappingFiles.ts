import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { projectDir } from '../../lib/projectDir.ts';
import { type Mapping, mappingSchema } from './mappingSchema.ts';

/** What was found under a provider's name. */
export type FoundMapping =
  | { readonly kind: 'found'; readonly file: string; readonly mapping: Mapping }
  | { readonly kind: 'broken'; readonly problems: readonly string[] }
  | { readonly kind: 'missing' };

const shippedDir = join(projectDir, 'providers');
/** The JSON Schema of the files, for editors. */
const schemaFile = 'schema.json';

/** Finds a provider's file. One in `PROVIDERS_DIR` comes before a shipped one of the same name. */
export function findMapping(name: string, ownDir: string | undefined): FoundMapping {
  if (!/^[\w-]+$/.test(name)) return { kind: 'missing' };
  const file = foldersOf(ownDir)
    .map((folder) => join(folder, `${name}.json`))
    .find((path) => existsSync(path) && !path.endsWith(schemaFile));
  return file === undefined ? { kind: 'missing' } : readMapping(file);
}

/** The names of all mappings, and whether they are the operator's own. */
export function mappingNames(ownDir: string | undefined): string[] {
  const files = foldersOf(ownDir)
    .filter((folder) => folderProblems(folder).length === 0)
    .flatMap((folder) => readdirSync(folder))
    .filter((file) => file.endsWith('.json') && file !== schemaFile);
  return [...new Set(files.map((file) => file.replace(/\.json$/, '')))].sort();
}

/** What is wrong with the folder itself. */
export function folderProblems(ownDir: string | undefined): string[] {
  if (ownDir === undefined) return [];
  return existsSync(ownDir) && statSync(ownDir).isDirectory()
    ? []
    : [`PROVIDERS_DIR: ${resolve(ownDir)} is no folder`];
}

/** The settings of all mappings, and `NAME_FILE` of their secrets. */
export function mappedSettingNames(ownDir: string | undefined): string[] {
  return mappingNames(ownDir).flatMap((name) => {
    const found = findMapping(name, ownDir);
    if (found.kind !== 'found') return [];
    return Object.entries(found.mapping.settings).flatMap(([setting, { secret }]) =>
      secret ? [setting, `${setting}_FILE`] : [setting],
    );
  });
}

function foldersOf(ownDir: string | undefined): string[] {
  return ownDir === undefined ? [shippedDir] : [ownDir, shippedDir];
}

function readMapping(file: string): FoundMapping {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'broken', problems: [`${file} cannot be read: ${why}`] };
  }
  const parsed = mappingSchema.safeParse(value);
  return parsed.success
    ? { kind: 'found', file, mapping: parsed.data }
    : { kind: 'broken', problems: parsed.error.issues.map((issue) => `${file}: ${describe(issue)}`) };
}

/** `send.email.answers.rules[2] needs a condition ...` */
function describe(issue: z.core.$ZodIssue): string {
  const { path, message } = deepest(issue);
  const place = path.map(stepText).join('').replace(/^\./, '');
  return place === '' ? message : `${place} ${message}`;
}

function stepText(step: PropertyKey): string {
  if (typeof step === 'number') return `[${step}]`;
  return /^[\w$]+$/.test(String(step)) ? `.${String(step)}` : `[${JSON.stringify(step)}]`;
}

/** What is wrong with a part that may have several forms: the problem in the form that fits best. */
function deepest(issue: z.core.$ZodIssue): Pick<z.core.$ZodIssue, 'path' | 'message'> {
  if (issue.code === 'invalid_key') {
    return { path: issue.path, message: issue.issues[0]?.message ?? issue.message };
  }
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.flat().map(deepest);
  const [best] = inner.toSorted((a, b) => b.path.length - a.path.length);
  return best === undefined || best.path.length === 0
    ? issue
    : { path: [...issue.path, ...best.path], message: best.message };
}
