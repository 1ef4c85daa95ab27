import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { PdfOptions, WritePdf } from '../render/pdf/attachment.ts';

/** Loads what PDFs are made with, if they are wanted: it takes 20 MB of memory. */
export async function loadWritePdf(pdf: PdfOptions | undefined): Promise<WritePdf | undefined> {
  if (pdf === undefined) return undefined;
  const { createWritePdf } = await import('../render/pdf/writePdf.ts');
  const font = await readFile(fileURLToPath(import.meta.resolve(fontFile)));
  // An empty letter at the end of the file is read as if something followed it.
  return createWritePdf(Buffer.concat([font, Buffer.alloc(64)]));
}

const fontFile = '@expo-google-fonts/nanum-gothic/400Regular/NanumGothic_400Regular.ttf';
