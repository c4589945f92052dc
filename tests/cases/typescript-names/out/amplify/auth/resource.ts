import { defineAuth } from '@aws-amplify/backend';
import { auth as authTrigger } from './auth/resource';
import { defaultTrigger } from './default/resource';

export const auth = defineAuth({
  loginWith: {
    email: true,
  },
  triggers: {
    postConfirmation: defaultTrigger,
    preSignUp: authTrigger,
  },
});
