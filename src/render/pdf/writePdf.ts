import PdfDocument from 'pdfkit';
import type { PdfFacts, WritePdf } from './attachment.ts';

const margin = 56;
const ink = '#14213d';
const faint = '#d5dbe5';
const sizes = { title: 20, heading: 13, text: 10 };

/**
 * @param font TrueType or OpenType, with all letters of bills. Each PDF contains those that it shows
 * @throws Error if it is no font
 */
export function createWritePdf(font: Uint8Array): WritePdf {
  const hasLetter = letterTestOf(font);
  // Amounts of many languages have one before the currency.
  const plain = (text: string): string =>
    text.replaceAll(specialBlanks, (blank) => (hasLetter(blank) ? blank : ' '));
  const write = (text: string, facts: PdfFacts): Buffer => {
    const document = openDocument(facts);
    document.font(font as Buffer).fillColor(ink);
    for (const line of plain(text).trim().split('\n')) writeLine(document, line.trim());
    document.end();
    return bytesOf(document);
  };
  const lacking = (text: string): string[] =>
    [...new Set(plain(text))].filter((letter) => /\P{Cc}/u.test(letter) && !hasLetter(letter));
  return Object.assign(write, { lacking });
}

const specialBlanks = /[\u00a0\u2000-\u200a\u202f\u3000]/g;

/** pdfkit's types leave out the font that it has opened. */
interface OpenedFont {
  readonly _font: { readonly font: { hasGlyphForCodePoint(codePoint: number): boolean } };
}

function letterTestOf(font: Uint8Array): (letter: string) => boolean {
  const document = new PdfDocument().font(font as Buffer);
  const { font: opened } = (document as unknown as OpenedFont)._font;
  return (letter) => opened.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0);
}

type Pdf = InstanceType<typeof PdfDocument>;

/**
 * With a password, the PDF is encrypted by AES-256. Without one, the same bill always gives the same bytes.
 */
function openDocument({ title, language, createdAtMs, password }: PdfFacts): Pdf {
  return new PdfDocument({
    size: 'A4',
    margin,
    lang: language,
    displayTitle: true,
    info: { Title: title, CreationDate: new Date(createdAtMs) },
    ...(password === undefined ? {} : { userPassword: password, pdfVersion: '1.7ext3' }),
  });
}

function writeLine(document: Pdf, line: string): void {
  if (line === '') {
    document.moveDown(0.6);
    return;
  }
  if (/^-{3,}$/.test(line)) {
    writeRule(document);
    return;
  }
  const [, marks = '', text = ''] = /^(#{1,2} )?(.*)$/.exec(line) ?? [];
  document.fontSize(marks === '' ? sizes.text : marks === '# ' ? sizes.title : sizes.heading);
  const [left = '', right] = text.split(/\s*\|\s*/, 2);
  if (right === undefined) writeText(document, text);
  else writeRow(document, left, right);
}

function writeText(document: Pdf, text: string): void {
  document.text(text, margin, document.y, { width: widthOf(document), lineGap: 3 });
}

/** The left text gets two thirds of the line. */
function writeRow(document: Pdf, left: string, right: string): void {
  const width = widthOf(document);
  const leftOptions = { width: (width * 2) / 3, lineGap: 4 };
  const rightOptions = { width: width / 3, align: 'right', lineGap: 4 } as const;
  const height = Math.max(
    document.heightOfString(left, leftOptions),
    document.heightOfString(right, rightOptions),
  );
  keepTogether(document, height);
  const { y } = document;
  document.text(left, margin, y, leftOptions).text(right, margin + (width * 2) / 3, y, rightOptions);
  document.y = y + height;
}

function writeRule(document: Pdf): void {
  keepTogether(document, 12);
  const y = document.y + 4;
  document
    .moveTo(margin, y)
    .lineTo(margin + widthOf(document), y)
    .strokeColor(faint)
    .stroke();
  document.y = y + 8;
}

function keepTogether(document: Pdf, height: number): void {
  if (document.y + height > document.page.height - margin) document.addPage();
}

function widthOf({ page }: Pdf): number {
  return page.width - 2 * margin;
}

/** The stream is complete when `end` returns. */
function bytesOf(document: Pdf): Buffer {
  const chunks: Buffer[] = [];
  for (let chunk = document.read(); chunk !== null; chunk = document.read()) chunks.push(chunk);
  return Buffer.concat(chunks);
}
