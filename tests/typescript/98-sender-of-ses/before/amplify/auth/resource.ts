import { defineAuth } from '@aws-amplify/backend';

export const auth = defineAuth({
  loginWith: { email: true },
  senders: {
    email: {
      fromEmail: 'team@example.com',
      fromName: 'Team',
    },
  },
});
