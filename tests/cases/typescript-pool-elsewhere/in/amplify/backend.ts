import { defineBackend } from '@aws-amplify/backend';
import { auth } from './auth';

defineBackend({
  auth,
});
