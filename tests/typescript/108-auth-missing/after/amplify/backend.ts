import { defineBackend } from '@aws-amplify/backend';
import { auth } from './auth/resource';
import { inboundFederation } from './auth/inbound-federation/resource';

defineBackend({ auth, inboundFederation });
