import { defineChannel } from 'billcast/channel';

/** RCS, which reaches mobile phones only: bills of members with another number go on at once. */
export default defineChannel({
  name: 'RCS',
  label: 'RCS message',
  contact: 'phone',
  addressOf: (phone) => (/^(?:\+?82|0)-?1\d/.test(phone) ? phone : undefined),
  keepsQuietHours: true,
  escalates: ['noContact', 'refused', 'bounced'],
  message: { kind: 'text', text: 'rcs.txt', otherwise: 'sms.txt' },
  forms: ['alimtalk'],
});
