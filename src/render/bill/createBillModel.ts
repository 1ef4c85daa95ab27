import { createViewLinks, sampleLinkingBill } from '../link/viewLinks.ts';
import type { BillModel } from './billModel.ts';
import type { FormatOptions } from './languageFormat.ts';
import { createTablesModel, type TablesModelOptions } from './tablesModel.ts';
import { createTypedModel } from './typedModel.ts';
import { loadViewModule } from './viewModule.ts';

/** How bills are read and written: plain values, so that a thread can be given them. */
export interface ModelOptions extends FormatOptions, TablesModelOptions {
  /** `sample.json` of a company's own tables; without it bills have the shape of ours. */
  readonly sample?: string | undefined;
  /** The URL of `VIEW_MODULE`. */
  readonly viewModule?: string | undefined;
}

/** @throws BillcastError SOURCE_INVALID for a wrong sample, MODULE_INVALID for a wrong module */
export async function createBillModel(options: ModelOptions): Promise<BillModel> {
  return withViewUrl(await createModel(options), options);
}

async function createModel(options: ModelOptions): Promise<BillModel> {
  const { sample, viewModule } = options;
  if (sample === undefined) return createTablesModel(options);
  return createTypedModel({
    ...options,
    sample,
    view: viewModule === undefined ? undefined : await loadViewModule(viewModule),
  });
}

/** The samples have a link too. Of a bill, the renderer adds it: only that knows the cycle. */
function withViewUrl(model: BillModel, { viewLinks }: ModelOptions): BillModel {
  const viewUrl = viewLinks === undefined ? null : createViewLinks(viewLinks).urlOf(sampleLinkingBill);
  return {
    ...model,
    sampleViews: () => {
      const { email, text } = model.sampleViews();
      return { email: { ...email, viewUrl }, text: { ...text, viewUrl } };
    },
    textForecast: (format) => {
      const views = model.textForecast(format);
      if (views === undefined) return undefined;
      return { usual: { ...views.usual, viewUrl }, longest: { ...views.longest, viewUrl } };
    },
  };
}
