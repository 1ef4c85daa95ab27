import { join } from 'node:path';
import { usualOrder } from '../../src/channels.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { readTemplates } from '../../src/pool/readTemplates.ts';
import { createTablesModel } from '../../src/render/bill/tablesModel.ts';
import type { TemplateSet } from '../../src/render/template/templateFiles.ts';
import { compileTemplates } from '../../src/render/template/templates.ts';

/** The template of the project. */
const ourChoice = { dir: join(projectDir, 'templates'), name: 'bill', language: 'ko', channels: usualOrder };

export const ourTemplateSet = await readTemplates(ourChoice);

/** Our template with some files replaced, by their paths: `ko/sms.txt`. */
export function withFiles(files: Readonly<Record<string, string>>) {
  return { ...ourTemplateSet, files: { ...ourTemplateSet.files, ...files } };
}

/** Compiled for bills of our own tables. */
export function compileSet(set: TemplateSet) {
  return compileTemplates(set, createTablesModel().sampleViews());
}

export function compileOurTemplates() {
  return compileSet(ourTemplateSet);
}
