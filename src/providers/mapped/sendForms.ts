import { type MessageForm, messageForms } from '../../channelModule.ts';
import { listPlacesIn } from './listPlaces.ts';

/**
 * What a file can describe how to send: the forms of messages, and, if the provider takes those by another
 * request, e-mails with files.
 */
export const sendForms = [...messageForms, 'emailWithFiles'] as const;
export type SendForm = MessageForm | 'emailWithFiles';

/** Whether files have a place in a body. */
export function takesFiles({ body }: { readonly body: unknown }): boolean {
  return listPlacesIn(body, 'attachments').count > 0;
}
