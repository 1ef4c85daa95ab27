import type { PreparationFailure } from '../../bill.ts';
import type { Attachment } from '../pdf/attachment.ts';
import type { MessageButton } from './messageButtons.ts';

/** A bill that is ready to be sent, or why it never can be. `detail` holds no personal data. */
export type RenderedBill = RenderedEmail | RenderedText | UnpreparableBill;

/** For `contentHash` see `HashContent`; it is absent if messages are not hashed. */
export interface RenderedEmail {
  readonly kind: 'email';
  readonly to: string;
  /** One line. */
  readonly subject: string;
  /** UTF-8. */
  readonly html: Buffer;
  /** UTF-8. */
  readonly text: Buffer;
  /** Absent if there are none. */
  readonly attachments?: readonly Attachment[];
  readonly contentHash?: string;
  /**
   * Gives back the memory of the whole batch: after that, `html` and `text` of all its e-mails are empty.
   * Without this, 150 MB of sent messages would wait for the garbage collector at any time.
   */
  readonly release: () => void;
}

export interface RenderedText {
  readonly kind: 'text';
  readonly to: string;
  /** An SMS to Korea has only characters of CP949. */
  readonly text: string;
  /** The size in CP949; of an SMS abroad, its number of characters. */
  readonly bytes: number;
  /** The title of an LMS, if the template has one. */
  readonly title?: string;
  /** The buttons of an AlimTalk, if the template has some. */
  readonly buttons?: readonly MessageButton[];
  /** Present if the text is too long for an SMS and goes out as LMS. */
  readonly isLms?: true;
  /** Characters that were replaced because CP949 does not have them; absent if there are none. */
  readonly replaced?: readonly string[];
  readonly contentHash?: string;
}

export interface UnpreparableBill {
  readonly kind: 'unpreparable';
  readonly reason: PreparationFailure;
  readonly detail: string;
  /** With `NO_CONTACT`: whether nothing is stored, or something that is no address. */
  readonly contact?: 'none' | 'unusable';
  /** With `CIPHER_FAILED`: the key that a value names is missing. */
  readonly isKeyMissing?: true;
}

/** An e-mail whose parts are in a `ByteWriter`: the HTML up to `htmlEnd`, then the text up to `textEnd`. */
export interface PlacedEmail {
  readonly kind: 'email';
  readonly to: string;
  readonly subject: string;
  readonly htmlEnd: number;
  readonly textEnd: number;
  /** Absent if there are none. */
  readonly attachments?: readonly Attachment[];
  readonly contentHash?: string;
}

/** Like `RenderedBill`, with the parts of an e-mail in a `ByteWriter`. */
export type PlacedBill = PlacedEmail | RenderedText | UnpreparableBill;

export function unpreparable(reason: PreparationFailure, detail: string): UnpreparableBill {
  return {
    kind: 'unpreparable',
    reason,
    detail,
  };
}
