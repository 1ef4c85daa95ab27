import { largestBillBytes } from '../../db/source/billLoader.ts';
import { createBillLoader } from '../../db/source/loadBills.ts';
import type { FoundRow } from '../../db/source/searchWindow.ts';
import { unclaimed } from '../../db/source/unclaimed.ts';
import { chunk } from '../../lib/chunk.ts';
import type { BillModel } from '../../render/bill/billModel.ts';
import { createBillModel } from '../../render/bill/createBillModel.ts';
import type { EncryptedField } from '../../render/cipher/cipher.ts';
import { type FieldCiphers, openFieldCiphers } from '../../render/cipher/fieldCiphers.ts';
import { csvText } from '../csvText.ts';
import { becauseOf } from '../explain/reasons.ts';
import type { ExportPart } from '../exportBills.ts';
import type { OperationDeps } from '../operationDeps.ts';
import { type Sought, walkBills } from '../searchBills.ts';
import { showTheirIds } from '../theirIds.ts';
import type { PrinterForm } from './printerForms.ts';

/** A letter to print: the name and address of a member whose bill did not arrive. */
interface Letter {
  readonly billId: string;
  readonly memberId: string;
  readonly month: string | null;
  /** Null if nothing is stored, or it cannot be opened. */
  readonly name: string | null;
  readonly address: string | null;
  readonly reason: string | null;
  readonly meaning: string | null;
  /** The fields that are stored and cannot be opened. */
  readonly unreadable: string;
}

const heads = [
  'billId',
  'memberId',
  'month',
  'name',
  'address',
  'reason',
  'meaning',
  'unreadable',
] as const satisfies (keyof Letter)[];

const billsPerPart = 500;

/**
 * The bills that have finally FAILED, with the opened names and postal addresses of their members. A bill in
 * doubt, or given up in doubt, is left out: it may have arrived. The caller first writes an access record
 * with a reason.
 */
export async function* printerFile(
  deps: Pick<OperationDeps, 'config' | 'database'>,
  { sought, form }: { readonly sought: Omit<Sought, 'state'>; readonly form: PrinterForm },
): AsyncGenerator<ExportPart> {
  const model = await createBillModel(deps.config.billModel);
  const ciphers = await openFieldCiphers(deps.config.cipher);
  if (form === 'csv') yield { text: `\uFEFF${csvText([heads])}`, bills: 0 };
  for await (const rows of walkBills(deps, { ...sought, state: 'FAILED' })) {
    for (const part of chunk(rows.filter(isForPrinter), billsPerPart)) {
      const letters = await lettersOf(deps, part, { model, ciphers });
      yield { text: textOf(await showTheirIds(deps, letters), form), bills: letters.length };
    }
  }
}

/** Whether the bill certainly did not arrive, and is not sent again. */
function isForPrinter({ retransmitAt, reason }: FoundRow): boolean {
  return retransmitAt === null && reason !== 'GIVEN_UP';
}

async function lettersOf(
  { config, database }: Pick<OperationDeps, 'config' | 'database'>,
  rows: readonly FoundRow[],
  opening: { readonly model: BillModel; readonly ciphers: FieldCiphers },
): Promise<Letter[]> {
  const texts = await createBillLoader(config.source)(database, rows.map(unclaimed), largestBillBytes);
  return rows.map((row) => letterOf(row, texts.get(row.billId)?.text, opening));
}

function letterOf(
  { billId, memberId, month, reason }: FoundRow,
  text: string | undefined,
  { model, ciphers }: { readonly model: BillModel; readonly ciphers: FieldCiphers },
): Letter {
  const sealed = text === undefined ? undefined : model.sealedFieldsOf(text);
  const unreadable: string[] = sealed === undefined ? ['bill'] : [];
  const open = (field: EncryptedField): string | null => {
    const value = sealed?.values[field] ?? null;
    if (sealed === undefined || value === null || value.trim() === '') return null;
    const opened = ciphers.open(field, sealed.memberId, value);
    if (opened.kind === 'opened') return opened.text;
    unreadable.push(field);
    return null;
  };
  const [name, address] = [open('name'), open('address')];
  const meaning = becauseOf(reason) ?? null;
  return { billId, memberId, month, name, address, reason, meaning, unreadable: unreadable.join(' ') };
}

function textOf(letters: readonly Letter[], form: PrinterForm): string {
  if (form === 'ndjson') return letters.map((letter) => `${JSON.stringify(letter)}\n`).join('');
  return csvText(letters.map((letter) => heads.map((head) => letter[head])));
}
