import { type MessageForm, messageForms } from '../../channelModule.ts';
import { listPlacesIn } from './listPlaces.ts';

/**
 * What a file may say how to send: the forms of messages, and e-mails that have files with them, if the
 * provider takes those in another request.
 */
export const sendForms = [...messageForms, 'emailWithFiles'] as const;
export type SendForm = MessageForm | 'emailWithFiles';

/** Whether files have a place in a body. */
export function takesFiles({ body }: { readonly body: unknown }): boolean {
  return listPlacesIn(body, 'attachments').count > 0;
}
