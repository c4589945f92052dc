import { defineBackend } from '@aws-amplify/backend';
import { auth } from './auth/resource';
import { inboundFederation } from './auth/inbound-federation/resource';

/**
 * @see https://docs.amplify.aws/gen2/build-a-backend/
 */
defineBackend({
  auth,
  inboundFederation,
});
