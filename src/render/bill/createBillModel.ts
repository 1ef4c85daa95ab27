import { createViewLinks, sampleLinkingBill } from '../link/viewLinks.ts';
import type { BillModel } from './billModel.ts';
import type { FormatOptions } from './languageFormat.ts';
import { createTablesModel, type TablesModelOptions } from './tablesModel.ts';
import { createTypedModel } from './typedModel.ts';
import { loadViewModule } from './viewModule.ts';

/** How bills are read and written: plain values, so that they can be passed to a thread. */
export interface ModelOptions extends FormatOptions, TablesModelOptions {
  /** The `sample.json` for a company's own tables. Without it bills have the shape of ours. */
  readonly sample?: string | undefined;
  /** The URL of `VIEW_MODULE`. */
  readonly viewModule?: string | undefined;
}

/** @throws BillcastError SOURCE_INVALID if the sample is wrong, MODULE_INVALID if the module is */
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

/**
 * Adds a link to the sample views. For real bills the renderer adds it, because only the renderer knows the
 * cycle.
 */
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
