import { compileInThread } from '../../pool/compileInThread.ts';
import type { SampleViews } from '../../render/bill/billModel.ts';
import type { TemplateSet, Templates } from '../../render/template/templateFiles.ts';
import { templateVersion } from '../../render/template/templateVersion.ts';

/** Remembered, since compiling takes half a second, and many messages are printed from the same version. */
const compiled = new Map<string, Promise<Templates>>();
const mostKept = 8;

/**
 * Compiles a version of a template that was kept.
 * @throws BillcastError TEMPLATE_INVALID if this version of billcast cannot print it any more
 */
export function compileKept(set: TemplateSet, views: SampleViews): Promise<Templates> {
  const version = templateVersion(set);
  const known = compiled.get(version);
  if (known !== undefined) return known;
  const [oldest] = compiled.keys();
  if (oldest !== undefined && compiled.size >= mostKept) compiled.delete(oldest);
  const compiling = compileInThread(set, views);
  compiled.set(version, compiling);
  compiling.catch(() => compiled.delete(version));
  return compiling;
}
