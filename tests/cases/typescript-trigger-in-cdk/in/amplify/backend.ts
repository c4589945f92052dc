import { defineBackend } from '@aws-amplify/backend';
import { UserPool, UserPoolOperation } from 'aws-cdk-lib/aws-cognito';
import { auth } from './auth/resource';
import { gate } from './gate/resource';

const backend = defineBackend({ auth, gate });

const userPool = backend.auth.resources.userPool as UserPool;
userPool.addTrigger(UserPoolOperation.PRE_SIGN_UP, backend.gate.resources.lambda);
