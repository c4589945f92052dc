import { defineBackend } from '@aws-amplify/backend';
import { auth } from './auth/resource';
import * as functions from './functions';
import { inboundFederation } from './auth/inbound-federation/resource';

defineBackend({
  auth,
  ...functions,
  inboundFederation,
});
