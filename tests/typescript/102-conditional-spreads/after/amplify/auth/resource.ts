import { defineAuth } from '@aws-amplify/backend';
import { preSignUp } from './pre-sign-up/resource';

const isProduction = process.env.AWS_BRANCH === 'main';
const strict = { multifactor: { mode: 'REQUIRED', totp: true } } as const;

export const auth = defineAuth({
  loginWith: { email: true },
  ...(isProduction ? strict : {}),
  ...(isProduction && { userAttributes: { nickname: { required: true } } }),
  triggers: {
    preSignUp,
  },
});
