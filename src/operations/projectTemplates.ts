import type { Config } from '../config/loadConfig.ts';
import { compileInThread } from '../pool/compileInThread.ts';
import { readTemplates } from '../pool/readTemplates.ts';
import { createBillModel } from '../render/bill/createBillModel.ts';
import type { TemplateSet, Templates } from '../render/template/templateFiles.ts';

/**
 * Reads and compiles the template that the settings name, which takes half a second.
 * @throws BillcastError TEMPLATE_INVALID, SOURCE_INVALID or MODULE_INVALID
 */
export async function compileProjectTemplates(config: TemplateSettings): Promise<Templates> {
  return (await openProjectTemplates(config)).templates;
}

type TemplateSettings = Pick<Config, 'templates' | 'billModel'>;

/** Does the same, and also returns the files. */
export async function openProjectTemplates({
  templates: choice,
  billModel,
}: TemplateSettings): Promise<{ readonly set: TemplateSet; readonly templates: Templates }> {
  const model = await createBillModel(billModel);
  const set = await readTemplates(choice);
  return { set, templates: await compileInThread(set, model.sampleViews()) };
}
