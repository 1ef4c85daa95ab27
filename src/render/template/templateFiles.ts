import { type Channel, channels, type PerChannel } from '../../channels.ts';
import type { TemplateNode } from './templateNode.ts';

type Message = (typeof channels)[Channel]['message'];

/** A file of the folder of templates, by the name it has there. */
export type TemplateFile = FileOf<Message>;

type FileOf<Kind> = Kind extends Message ? Exclude<Kind[keyof Kind], Message['kind']> : never;

/** The text of each file of templates. */
export type TemplateSources = Readonly<Record<TemplateFile, string>>;

/** The templates of each channel, compiled and checked: plain values, so that a thread can be given them. */
export type Templates = PerChannel<EmailTemplates | TextTemplates>;

export interface EmailTemplates {
  readonly kind: 'email';
  readonly html: readonly TemplateNode[];
  readonly text: readonly TemplateNode[];
  readonly subject: readonly TemplateNode[];
}

export interface TextTemplates {
  readonly kind: 'text';
  readonly text: readonly TemplateNode[];
}

/** The files that a channel's messages are made of. */
export function templateFilesOf(channel: Channel): TemplateFile[] {
  const { message } = channels[channel];
  switch (message.kind) {
    case 'email':
      return [message.html, message.text, message.subject];
    case 'text':
      return [message.text];
    default:
      return message satisfies never;
  }
}
