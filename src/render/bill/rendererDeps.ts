import type { FieldCiphers } from '../cipher/fieldCiphers.ts';
import type { Templates } from '../template/templateFiles.ts';
import type { BillRules } from './billRules.ts';
import type { ValueWords } from './valueWords.ts';

/** What the renderer of a channel and a language works with. */
export interface MessageDeps extends Pick<RendererDeps, 'ciphers' | 'timeZone' | 'rules'> {
  readonly words: ValueWords;
}

/** What every renderer works with. */
export interface RendererDeps {
  readonly templates: Templates;
  readonly ciphers: FieldCiphers;
  /** `TIME_ZONE`, an IANA name: it gives the day on which a bill was issued. */
  readonly timeZone: string;
  /** Default `defaultBillRules`. */
  readonly rules?: BillRules | undefined;
}
