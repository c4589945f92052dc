import { defineAuth } from '@aws-amplify/backend';
import { preSignUp } from './pre-sign-up/resource';

function build() {
  return defineAuth({ loginWith: { email: true }, triggers: { preSignUp } });
}

export const auth = build();
