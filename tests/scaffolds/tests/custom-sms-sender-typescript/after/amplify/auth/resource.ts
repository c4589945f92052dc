import { defineAuth } from '@aws-amplify/backend';
import { customSmsSender } from './custom-sms-sender/resource';

/**
 * The Cognito user pool
 * @see https://docs.amplify.aws/gen2/build-a-backend/auth
 */
export const auth = defineAuth({
  loginWith: {
    email: true,
  },
  senders: {
    sms: {
      handler: customSmsSender,
    },
  },
});
