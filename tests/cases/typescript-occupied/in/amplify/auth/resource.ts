import { defineAuth } from '@aws-amplify/backend';
import { claims } from '../functions/claims/resource';

export const auth = defineAuth({
  loginWith: {
    email: true,
  },
  triggers: { preTokenGeneration: claims },
});
