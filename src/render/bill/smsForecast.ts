import { createByteWriter } from '../template/byteWriter.ts';
import { createPrinter } from '../template/printer.ts';
import type { Templates } from '../template/templates.ts';
import { smsViewOf } from './billView.ts';
import { sampleBill } from './sampleBill.ts';
import { asSmsText, smsByteLimit } from './smsBytes.ts';
import type { CompleteBill } from './sourceBill.ts';

/** How long the SMS of a template get, in bytes of CP949. */
export interface SmsForecast {
  /** With the longest values that are usual: a name of four syllables, a bill of six digits, a day of two. */
  readonly usualBytes: number;
  /** With the longest name that a mask leaves and a bill of ten digits. */
  readonly longestBytes: number;
  /** What of the template CP949 does not have, each once. */
  readonly replaced: readonly string[];
}

export function forecastSms({ sms }: Pick<Templates, 'sms'>): SmsForecast {
  const print = createPrinter(sms, 'text');
  const textOf = (bill: CompleteBill): string => {
    const out = createByteWriter(256);
    print(smsViewOf(bill, bill.member.name), out);
    return out.cutText(0);
  };
  const usual = asSmsText(textOf(usualBill));
  return {
    usualBytes: usual.bytes,
    longestBytes: asSmsText(textOf(longestBill)).bytes,
    replaced: usual.replaced,
  };
}

/** What a person should know of the SMS before a month goes out; nothing if all is well. */
export function smsWarning({ usualBytes, replaced }: SmsForecast): string | undefined {
  const warnings: string[] = [];
  if (usualBytes > smsByteLimit) {
    warnings.push(
      `an SMS takes up to ${usualBytes} bytes for usual values and goes out as LMS: shorten templates/bill.sms.txt ` +
        `to ${smsByteLimit}`,
    );
  }
  if (replaced.length > 0) {
    warnings.push(
      `templates/bill.sms.txt has characters that phones in Korea do not get and that are replaced: ${replaced.join(' ')}`,
    );
  }
  return warnings.length === 0 ? undefined : warnings.join('; ');
}

/** `68/90 bytes`, as an SMS or an LMS. */
export function sizeText(bytes: number): string {
  return bytes <= smsByteLimit
    ? `SMS ${bytes}/${smsByteLimit} bytes`
    : `LMS ${bytes} bytes, as an SMS holds ${smsByteLimit}`;
}

function billOf(name: string, amount: number): CompleteBill {
  return {
    ...sampleBill,
    billId: '1000000000',
    member: { ...sampleBill.member, name },
    bill: {
      ...sampleBill.bill,

      billingMonth: '2026-12-01',
      dueDate: '2026-12-31',
      unpaidAmount: amount,
      totalBilledAmount: amount,
    },
  };
}

const usualBill = billOf('남궁민수', 999_990);
const longestBill = billOf('Maximilian Bartholomew Christopher', 9_999_999_990);
