import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BillcastError } from '../errors.ts';
import type { PdfOptions, WritePdf } from '../render/pdf/attachment.ts';

/**
 * Loads the library for PDFs, but only if they are wanted: it takes 20 MB of memory.
 * @throws BillcastError CONFIG_INVALID if `PDF_FONT` is no font
 */
export async function loadWritePdf(pdf: PdfOptions | undefined): Promise<WritePdf | undefined> {
  if (pdf === undefined) return undefined;
  const { createWritePdf } = await import('../render/pdf/writePdf.ts');
  const file = pdf.font ?? fileURLToPath(import.meta.resolve(ownFont));
  try {
    // Padded, because the reader looks past an empty glyph at the end of the file.
    return createWritePdf(Buffer.concat([await readFile(file), Buffer.alloc(64)]));
  } catch (cause) {
    throw new BillcastError(
      'CONFIG_INVALID',
      `PDF_FONT: ${file} cannot be read as a TrueType or OpenType font (a collection, .ttc, is none)`,
      { cause },
    );
  }
}

const ownFont = '@expo-google-fonts/nanum-gothic/400Regular/NanumGothic_400Regular.ttf';
