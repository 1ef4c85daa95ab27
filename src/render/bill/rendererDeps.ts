import type { FieldCiphers } from '../cipher/fieldCiphers.ts';
import type { Templates } from '../template/templateFiles.ts';
import type { BillRules } from './billRules.ts';

/** What every renderer works with. */
export interface RendererDeps {
  readonly templates: Templates;
  readonly ciphers: FieldCiphers;
  /** `TIME_ZONE`, an IANA name: it gives the day on which a bill was issued. */
  readonly timeZone: string;
  /** Default `defaultBillRules`. */
  readonly rules?: BillRules | undefined;
}
