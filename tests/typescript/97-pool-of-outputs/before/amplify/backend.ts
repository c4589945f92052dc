import { defineBackend } from '@aws-amplify/backend';

const backend = defineBackend({});

backend.addOutput({
  auth: {
    aws_region: 'us-east-1',
    user_pool_id: 'us-east-1_EXAMPLE',
    user_pool_client_id: 'EXAMPLE',
  },
});
