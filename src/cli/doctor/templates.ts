import { join } from 'node:path';
import { projectDir } from '../../config.ts';
import { compileInThread } from '../../pool/compileInThread.ts';
import { readTemplates } from '../../pool/readTemplates.ts';
import { type Finding, ok } from './finding.ts';

/** Compiles the templates and tries their placeholders on the sample bill, as a start does. */
export const checkTemplates = async (): Promise<Finding[]> => {
  await compileInThread(await readTemplates(join(projectDir, 'templates')));
  return [ok('templates', 'they compile, and every placeholder is known')];
};
