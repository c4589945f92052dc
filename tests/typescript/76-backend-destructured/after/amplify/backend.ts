import { defineBackend } from '@aws-amplify/backend';
import { auth } from './auth/resource';
import { inboundFederation } from './auth/inbound-federation/resource';

const { auth: authResource } = defineBackend({ auth, inboundFederation });

authResource.resources.cfnResources.cfnUserPool.addPropertyOverride('Policies.PasswordPolicy.MinimumLength', 12);
