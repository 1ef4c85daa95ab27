import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { usualOrder } from '../../src/channels.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { createTablesModel } from '../../src/render/bill/tablesModel.ts';
import type { TemplateSet } from '../../src/render/template/templateFiles.ts';
import { compileTemplates } from '../../src/render/template/templates.ts';

const ourFolder = join(projectDir, 'templates/bill');

/** The template of the project. */
export const ourTemplateSet: TemplateSet = {
  name: 'bill',
  folder: 'templates/bill',
  defaultLanguage: 'ko',
  channels: usualOrder,
  files: Object.fromEntries(
    globSync('**/*.*', { cwd: ourFolder })
      .sort()
      .map((path) => [path, readFileSync(join(ourFolder, path), 'utf8')]),
  ),
};

/** Our template with some files replaced, by their paths: `ko/sms.txt`. */
export function withFiles(files: Readonly<Record<string, string>>) {
  return { ...ourTemplateSet, files: { ...ourTemplateSet.files, ...files } };
}

/** Compiled for bills of our own tables. */
export function compileSet(set: TemplateSet) {
  return compileTemplates(set, createTablesModel().sampleViews());
}

let compiled: ReturnType<typeof compileSet> | undefined;

/** Compiled once per process. Nothing changes them. */
export function compileOurTemplates() {
  compiled ??= compileSet(ourTemplateSet);
  return compiled;
}
