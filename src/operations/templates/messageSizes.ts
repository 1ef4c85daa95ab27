import { SegmentedMessage } from 'sms-segments-calculator';
import { type Channel, channels } from '../../channels.ts';
import { isAbroad } from '../../lib/abroadNumber.ts';
import { counted } from '../../lib/counted.ts';
import type { RenderedBill } from '../../render/bill/renderedBill.ts';
import { sizeText } from '../../render/bill/textForecast.ts';

/** Gmail cuts off longer e-mails, and hides the rest behind a link. */
export const gmailBytes = 102 * 1_024;
/** Phones show about this many characters of a subject. */
export const subjectCharacters = 60;

/** Kakao's limit, with the values filled in. */
const alimTalkCharacters = 1_000;

/** The sizes of a message, by what is measured, for people. */
export function messageSizes(channel: Channel, rendered: RenderedBill): Readonly<Record<string, string>> {
  switch (rendered.kind) {
    case 'email': {
      const { subject, html, text } = rendered;
      return {
        subject: `${[...subject].length} characters`,
        HTML: `${kilobytes(html.length)} of the ${kilobytes(gmailBytes)} that Gmail shows`,
        text: kilobytes(text.length),
      };
    }
    case 'text':
      if (!channels[channel].forms.includes('sms')) {
        return { size: `${[...rendered.text].length} of ${alimTalkCharacters} characters` };
      }
      return isAbroad(rendered.to)
        ? { size: segmentText(rendered.text) }
        : { size: sizeText(rendered.bytes), abroad: segmentText(rendered.text) };
    case 'unpreparable':
      return {};
    default:
      return rendered satisfies never;
  }
}

/** Outside of Korea, carriers count in GSM-7 or UCS-2, and bill each part. */
function segmentText(text: string): string {
  const { segmentsCount, encodingName } = new SegmentedMessage(text);
  return `${counted(segmentsCount, 'part')} of ${encodingName}`;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_024).toFixed(1)} KB`;
}
