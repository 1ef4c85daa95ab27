import { createByteWriter } from '../template/byteWriter.ts';
import { createPrinter, type Scope } from '../template/printer.ts';
import type { TemplateNode } from '../template/templateNode.ts';
import type { Attachment, PdfFacts, WritePdf } from './attachment.ts';

/** Makes the function that prints a bill into a PDF. */
export function createPdfPart(
  nodes: readonly TemplateNode[],
  write: WritePdf,
): (view: Scope, facts: PdfFacts) => Attachment {
  const print = createPrinter(nodes, 'text');
  const out = createByteWriter(initialBytes);
  return (view, facts) => {
    out.truncate(0);
    print(view, out);
    return { name: 'bill.pdf', contentType: 'application/pdf', content: write(out.cutText(0), facts) };
  };
}

const initialBytes = 8_192;
