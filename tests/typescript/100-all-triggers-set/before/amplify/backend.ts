import { defineBackend } from '@aws-amplify/backend';
import { auth } from './auth/resource';
import { check } from './check/resource';

const { auth: pool, check: fn } = defineBackend({ auth, check });
pool.resources.cfnResources.cfnUserPool.lambdaConfig = {
  postConfirmation: fn.resources.lambda.functionArn,
};
