import { defineBackend } from '@aws-amplify/backend';
import { auth } from './auth/resource';
import * as functions from './functions';

defineBackend({
  auth,
  ...functions,
});
