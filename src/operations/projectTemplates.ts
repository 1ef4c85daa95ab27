import type { Config } from '../config/loadConfig.ts';
import { compileInThread } from '../pool/compileInThread.ts';
import { readTemplates } from '../pool/readTemplates.ts';
import type { Templates } from '../render/template/templateFiles.ts';

/**
 * Reads and compiles the template that the settings name; half a second.
 * @throws BillcastError TEMPLATE_INVALID
 */
export async function compileProjectTemplates({ templates }: Pick<Config, 'templates'>): Promise<Templates> {
  return compileInThread(await readTemplates(templates));
}
