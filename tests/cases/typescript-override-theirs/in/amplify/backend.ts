import { defineBackend } from '@aws-amplify/backend';
import { auth } from './auth/resource';
import { tokens } from './tokens/resource';

const backend = defineBackend({ auth, tokens });

const { cfnUserPool } = backend.auth.resources.cfnResources;
cfnUserPool.addOverride('Properties.LambdaConfig.PreTokenGenerationConfig', {
  LambdaArn: backend.tokens.resources.lambda.functionArn,
  LambdaVersion: 'V2_0',
});
