import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { PdfOptions, WritePdf } from '../render/pdf/attachment.ts';

/** Loads the library for PDFs, but only if they are wanted: it takes 20 MB of memory. */
export async function loadWritePdf(pdf: PdfOptions | undefined): Promise<WritePdf | undefined> {
  if (pdf === undefined) return undefined;
  const { createWritePdf } = await import('../render/pdf/writePdf.ts');
  const font = await readFile(fileURLToPath(import.meta.resolve(fontFile)));
  // Padded, because the reader looks past an empty glyph at the end of the file.
  return createWritePdf(Buffer.concat([font, Buffer.alloc(64)]));
}

const fontFile = '@expo-google-fonts/nanum-gothic/400Regular/NanumGothic_400Regular.ttf';
