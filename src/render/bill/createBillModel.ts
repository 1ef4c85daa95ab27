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
  const { sample, viewModule } = options;
  if (sample === undefined) return createTablesModel(options);
  return createTypedModel({
    ...options,
    sample,
    view: viewModule === undefined ? undefined : await loadViewModule(viewModule),
  });
}
