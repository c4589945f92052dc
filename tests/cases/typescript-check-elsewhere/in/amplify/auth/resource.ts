import { defineAuth } from '@aws-amplify/backend';
import { guard } from '../functions/guard/resource';

export const auth = defineAuth({
  loginWith: { email: true },
  triggers: {
    preSignUp: guard,
  },
});
