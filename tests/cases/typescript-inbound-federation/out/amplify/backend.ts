import { defineBackend } from '@aws-amplify/backend';
import { auth } from './auth/resource';
import { data } from './data/resource';
import { inboundFederation } from './auth/inbound-federation/resource';

defineBackend({
  auth,
  data,
  inboundFederation,
});
