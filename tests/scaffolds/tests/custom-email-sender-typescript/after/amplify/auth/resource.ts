import { defineAuth } from '@aws-amplify/backend';
import { customEmailSender } from './custom-email-sender/resource';

/**
 * The Cognito user pool
 * @see https://docs.amplify.aws/gen2/build-a-backend/auth
 */
export const auth = defineAuth({
  loginWith: {
    email: true,
  },
  senders: {
    email: {
      handler: customEmailSender,
    },
  },
});
