import { defineAuth } from '@aws-amplify/backend';
import { customMessage } from './custom-message/resource';
import { preSignUp } from './pre-sign-up/resource';
import { preTokenGeneration } from './pre-token-generation/resource';

export const auth = defineAuth({
  loginWith: {
    email: true,
  },
  triggers: {
    customMessage,
    preTokenGeneration,
  },
});
