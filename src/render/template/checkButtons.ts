import { readButtons } from '../bill/messageButtons.ts';
import { createByteWriter } from './byteWriter.ts';
import { createPrinter, type Scope } from './printer.ts';
import type { TemplateNode, TemplateProblem } from './templateNode.ts';

interface Checked {
  readonly nodes: readonly TemplateNode[];
  readonly problems: readonly TemplateProblem[];
}

/** Checks that the file, printed for the sample bill, gives buttons. */
export function checkButtons(checked: Checked, sample: Scope): Checked {
  if (checked.problems.length > 0) return checked;
  const out = createByteWriter(1_024);
  createPrinter(checked.nodes, 'text')(sample, out);
  const read = readButtons(out.cutText(0));
  return read.kind === 'buttons' ? checked : { ...checked, problems: [read] };
}
