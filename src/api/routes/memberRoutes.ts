import { findMembersByContact } from '../../operations/contacts.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { contactSearch } from '../contract/contractShapes.ts';
import { memberSearchAnswer } from '../contract/membersContract.ts';

/**
 * It is a POST, so that no contact gets into a log or a referrer. It reveals who has a contact, so it is
 * recorded.
 */
export function addMemberRoutes(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/members/search',
    {
      config: { permission: 'readHistory', access: 'findContact', readsOnly: true },
      schema: {
        tags: ['bills'],
        summary: 'Find the members with an e-mail address or a phone number; that somebody asked is recorded',
        body: contactSearch,
        response: { 200: memberSearchAnswer },
      },
    },
    async (request) => {
      await deps.recorder.shown(request, {});
      const { memberIds, completeAt } = await findMembersByContact(deps, request.body.contact);
      return { memberIds: [...memberIds], completeAt: completeAt?.toISOString() ?? null };
    },
  );
}
