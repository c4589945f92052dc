import { defineBackend } from '@aws-amplify/backend';
import { auth } from './auth/resource';
import { preSignUp } from './functions/pre-sign-up/resource';

defineBackend({ auth, preSignUp });
