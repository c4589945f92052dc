import { defineBackend } from '@aws-amplify/backend';
import { auth } from './auth/resource';

const backend = defineBackend({ auth });

const TOKEN_TRIGGER = 'LambdaConfig.PreTokenGenerationConfig';
const { cfnUserPool } = backend.auth.resources.cfnResources;
cfnUserPool.addPropertyOverride(TOKEN_TRIGGER, {
  LambdaArn: 'arn:aws:lambda:us-east-1:123456789012:function:tokens',
  LambdaVersion: 'V2_0',
});
