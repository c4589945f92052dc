import { defineBackend } from '@aws-amplify/backend';
import { auth } from './auth/resource';
import { preTokenGeneration } from './auth/pre-token-generation/resource';

/**
 * @see https://docs.amplify.aws/gen2/build-a-backend/
 */
const backend = defineBackend({
  auth,
  preTokenGeneration,
});

// Sends version V2_0 of the pre token generation event. defineAuth only supports V1_0.
backend.auth.resources.cfnResources.cfnUserPool.addPropertyOverride('LambdaConfig.PreTokenGenerationConfig', {
  LambdaArn: backend.preTokenGeneration.resources.lambda.functionArn,
  LambdaVersion: 'V2_0',
});
