import type { Config } from '../config/loadConfig.ts';
import { compileInThread } from '../pool/compileInThread.ts';
import { readTemplates } from '../pool/readTemplates.ts';
import { createBillModel } from '../render/bill/createBillModel.ts';
import type { Templates } from '../render/template/templateFiles.ts';

/**
 * Reads and compiles the template that the settings name; half a second.
 * @throws BillcastError TEMPLATE_INVALID, SOURCE_INVALID or MODULE_INVALID
 */
export async function compileProjectTemplates({
  templates,
  billModel,
}: Pick<Config, 'templates' | 'billModel'>): Promise<Templates> {
  const model = await createBillModel(billModel);
  return compileInThread(await readTemplates(templates), model.sampleViews());
}
