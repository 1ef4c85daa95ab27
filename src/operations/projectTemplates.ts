import { join } from 'node:path';
import { projectDir } from '../lib/projectDir.ts';
import { compileInThread } from '../pool/compileInThread.ts';
import { readTemplates } from '../pool/readTemplates.ts';
import type { Templates } from '../render/template/templateFiles.ts';

/**
 * Reads and compiles the templates; half a second.
 * @throws BillcastError TEMPLATE_INVALID
 */
export async function compileProjectTemplates(): Promise<Templates> {
  return compileInThread(await readTemplates(join(projectDir, 'templates')));
}
