import { defineAuth } from '@aws-amplify/backend';
import { signIn } from '../functions/checks';
import { preSignUp } from './pre-sign-up/resource';

const triggers = {
  preAuthentication: signIn,
  preSignUp,
};

export const auth = defineAuth({ loginWith: { email: true }, triggers });
