import { createByteWriter } from '../template/byteWriter.ts';
import { createPrinter, type Scope } from '../template/printer.ts';
import { pdfFile, type Templates } from '../template/templateFiles.ts';
import type { WritePdf } from './attachment.ts';

/** Of each language whose PDF of the sample bill has letters that the font lacks, one sentence. */
export function letterWarnings({ languages }: Templates, sample: Scope, writePdf: WritePdf): string[] {
  return Object.entries(languages).flatMap(([language, { messages }]) => {
    const nodes = Object.values(messages).flatMap((message) =>
      message.kind === 'email' ? (message.pdf ?? []) : [],
    );
    const out = createByteWriter(initialBytes);
    createPrinter(nodes, 'text')(sample, out);
    const lacking = writePdf.lacking(out.cutText(0));
    return lacking.length === 0
      ? []
      : [
          `${language}/${pdfFile} has letters that the font lacks, and the PDF shows boxes instead: ` +
            `${lacking.join(' ')}; name a font that has them in PDF_FONT`,
        ];
  });
}

const initialBytes = 8_192;
