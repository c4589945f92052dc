import { defineAuth } from '@aws-amplify/backend';
import { customMessage } from './custom-message/resource';

/**
 * The Cognito user pool
 * @see https://docs.amplify.aws/gen2/build-a-backend/auth
 */
export const auth = defineAuth({
  loginWith: {
    email: true,
  },
  triggers: {
    customMessage,
  },
});
