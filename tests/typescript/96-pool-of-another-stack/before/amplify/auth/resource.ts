import { referenceAuth } from '@aws-amplify/backend';

export const auth = referenceAuth({
  userPoolId: 'us-east-1_EXAMPLE',
  identityPoolId: 'us-east-1:00000000-0000-0000-0000-000000000000',
  authRoleArn: 'arn:aws:iam::123456789012:role/auth',
  unauthRoleArn: 'arn:aws:iam::123456789012:role/unauth',
  userPoolClientId: 'EXAMPLE',
});
