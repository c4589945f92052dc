import { defineAuth } from '@aws-amplify/backend';
import checks, { signIn } from '../functions/checks';

const triggers = {
  preAuthentication: signIn,
  preSignUp: checks as typeof signIn,
};

export const auth = defineAuth({ loginWith: { email: true }, triggers });
