import { defineBackend } from '@aws-amplify/backend';
import { auth } from './auth/resource';
import { preTokenGeneration } from './auth/pre-token-generation/resource';

const backend = defineBackend({ auth, preTokenGeneration });

backend.auth.resources.cfnResources.cfnUserPool.addPropertyOverride(
  'LambdaConfig.PreTokenGenerationConfig',
  {
    LambdaArn: backend.preTokenGeneration.resources.lambda.functionArn,
    LambdaVersion: 'V2_0',
  },
);
