import { defineAuth, defineFunction } from '@aws-amplify/backend';

export const auth = defineAuth({
  loginWith: { email: true },
  triggers: {
    preSignUp: defineFunction({
      name: 'pre-sign-up',
      entry: './check.ts', // of ours
    }),
  },
});
