import { defineAuth } from '@aws-amplify/backend';
import { check } from './check/resource';

export const auth = defineAuth({
  loginWith: { email: true },
  triggers: { preSignup: check },
});
