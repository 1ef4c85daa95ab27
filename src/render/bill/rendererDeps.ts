import type { Channel } from '../../channels.ts';
import type { FieldCiphers } from '../cipher/fieldCiphers.ts';
import type { ViewLinks } from '../link/viewLinks.ts';
import type { WritePdf } from '../pdf/attachment.ts';
import type { HashContent } from '../proof/contentHasher.ts';
import type { ProofOptions } from '../proof/editionsOf.ts';
import type { Templates } from '../template/templateFiles.ts';
import type { TemplateNode } from '../template/templateNode.ts';
import type { BillModel } from './billModel.ts';
import type { BillRules } from './billRules.ts';
import type { FormatOptions, LanguageFormat } from './languageFormat.ts';

/** What the renderer of a channel and a language works with. */
export interface MessageDeps extends Pick<RendererDeps, 'ciphers' | 'rules' | 'pdf' | 'writePdf'> {
  readonly model: BillModel;
  readonly format: LanguageFormat;
  readonly links: ViewLinks | undefined;
  /** Undefined if messages are not hashed. */
  readonly hasherOf: HasherOf | undefined;
  /** The language's folder. */
  readonly language: string;
  /** Whether a page is printed, for somebody who looks at the bill: the member then needs no address. */
  readonly isPage?: boolean | undefined;
}

/** Makes the function that hashes the messages of a channel. */
export type HasherOf = (channel: Channel, templates: HashedTemplates) => HashContent;

export interface HashedTemplates {
  /** Templates whose printed texts are hashed. */
  readonly shown: readonly (readonly TemplateNode[])[];
  /** The other templates: their values are hashed. */
  readonly hidden: readonly (readonly TemplateNode[])[];
}

/** What every renderer works with. */
export interface RendererDeps extends FormatOptions {
  readonly templates: Templates;
  readonly ciphers: FieldCiphers;
  /** Default: `defaultBillRules`. */
  readonly rules?: BillRules | undefined;
  /** The shape of the bills. Default: that of billcast's own tables. */
  readonly model?: BillModel | undefined;
  /** Needed with `pdf`. */
  readonly writePdf?: WritePdf | undefined;
  /** Whether pages are printed and not messages: then the member needs no contact. */
  readonly isPage?: boolean | undefined;
  /** Default: messages are not hashed. */
  readonly proof?: ProofOptions | undefined;
}
