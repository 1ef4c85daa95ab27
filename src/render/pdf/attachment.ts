/** A file that goes with an e-mail. */
export interface Attachment {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
}

/** What protects a PDF: nothing, or the digits of the member's phone number. */
export const pdfPasswords = ['none', 'phone'] as const;

export interface PdfOptions {
  /** `PDF_PASSWORD` */
  readonly password: (typeof pdfPasswords)[number];
}

/** What a PDF says of itself, and who may open it. */
export interface PdfFacts {
  readonly title: string;
  /** A BCP 47 tag, for screen readers. */
  readonly language: string;
  readonly createdAtMs: number;
  /** Undefined: everybody. */
  readonly password: string | undefined;
}

/** Makes a PDF of a printed text; docs/templates.md says how its lines are laid out. */
export type WritePdf = (text: string, facts: PdfFacts) => Buffer;
