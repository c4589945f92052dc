import { defineAuth } from '@aws-amplify/backend';
import { customEmailSender } from './custom-email-sender/resource';

export const auth = defineAuth({
  loginWith: { email: true },
  senders: {
    email: {
      fromEmail: 'team@example.com',
      fromName: 'Team',
      handler: customEmailSender,
    },
  },
});
