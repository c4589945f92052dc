import { defineAuth } from '@aws-amplify/backend';
import { postConfirmation } from './post-confirmation/resource';
import { postConfirmationRust } from './post-confirmation-rust/resource';

export const auth = defineAuth({
  loginWith: { email: true },
  triggers: {
    postConfirmation: postConfirmationRust,
  },
  access: (allow) => [
    allow.resource(postConfirmation).to(['addUserToGroup']),
  ],
});
