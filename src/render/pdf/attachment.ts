/** A file that goes with an e-mail. */
export interface Attachment {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
}

/** How a PDF is protected: not at all, or by the digits of the member's phone number. */
export const pdfPasswords = ['none', 'phone'] as const;

export interface PdfOptions {
  /** `PDF_PASSWORD` */
  readonly password: (typeof pdfPasswords)[number];
  /** `PDF_FONT`: a file. Default the font that comes with billcast, which has Korean and English letters. */
  readonly font?: string | undefined;
}

/** The properties of a PDF, and its password. */
export interface PdfFacts {
  readonly title: string;
  /** A BCP 47 tag, for screen readers. */
  readonly language: string;
  readonly createdAtMs: number;
  /** Undefined: everybody can open it. */
  readonly password: string | undefined;
}

/** Makes a PDF from a printed text; docs/templates.md describes the layout of its lines. */
export interface WritePdf {
  (text: string, facts: PdfFacts): Buffer;
  /** The letters of the text that the font does not have, each once: the PDF shows an empty box for each. */
  lacking(text: string): readonly string[];
}
