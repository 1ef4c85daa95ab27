import type { PreparationFailure } from '../../bill.ts';
import type { Attachment } from '../pdf/attachment.ts';
import type { MessageButton } from './messageButtons.ts';

/** A bill ready to be sent, or why it never can be. `detail` holds no personal data. */
export type RenderedBill = RenderedEmail | RenderedText | UnpreparableBill;

/** `contentHash` is what `HashContent` makes; absent if messages are not hashed. */
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
   * Gives back the memory of the whole batch: `html` and `text` of all its e-mails are empty afterwards. If
   * it were left to the garbage collector, 150 MB of sent messages would wait for it at any time.
   */
  readonly release: () => void;
}

export interface RenderedText {
  readonly kind: 'text';
  readonly to: string;
  /** As SMS to Korea only characters that CP949 has. */
  readonly text: string;
  /** In CP949; of an SMS abroad its characters. */
  readonly bytes: number;
  /** Of an LMS, if the template has one. */
  readonly title?: string;
  /** Of an AlimTalk, if the template has some. */
  readonly buttons?: readonly MessageButton[];
  /** It is too long for an SMS and goes out as LMS; absent otherwise. */
  readonly isLms?: true;
  /** The characters that CP949 does not have and that were replaced; absent if there are none. */
  readonly replaced?: readonly string[];
  readonly contentHash?: string;
}

export interface UnpreparableBill {
  readonly kind: 'unpreparable';
  readonly reason: PreparationFailure;
  readonly detail: string;
  /** With `NO_CONTACT`: whether nothing is stored, or something that no message can be sent to. */
  readonly contact?: 'none' | 'unusable';
  /** With `CIPHER_FAILED`: there is no key of the id that a value names. */
  readonly isKeyMissing?: true;
}

/** An e-mail whose parts stand in a `ByteWriter`: the HTML up to `htmlEnd`, then the text up to `textEnd`. */
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

/** As `RenderedBill`, with the parts of an e-mail in a `ByteWriter`. */
export type PlacedBill = PlacedEmail | RenderedText | UnpreparableBill;

export function unpreparable(reason: PreparationFailure, detail: string): UnpreparableBill {
  return {
    kind: 'unpreparable',
    reason,
    detail,
  };
}
