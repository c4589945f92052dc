import { defineAuth } from '@aws-amplify/backend';
import { createAuthChallenge } from './create-auth-challenge/resource';
import { defineAuthChallenge } from './define-auth-challenge/resource';
import { verifyAuthChallengeResponse } from './verify-auth-challenge-response/resource';

/**
 * The Cognito user pool
 * @see https://docs.amplify.aws/gen2/build-a-backend/auth
 */
export const auth = defineAuth({
  loginWith: {
    email: true,
  },
  triggers: {
    createAuthChallenge,
    defineAuthChallenge,
    verifyAuthChallengeResponse,
  },
});
