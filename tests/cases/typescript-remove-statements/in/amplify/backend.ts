import { defineBackend } from '@aws-amplify/backend';
import { auth } from './auth/resource';
import { inboundFederation } from './auth/inbound-federation/resource';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';

const backend = defineBackend({
  auth,
  inboundFederation,
});

// Calls the inbound federation trigger, which defineAuth does not know.
backend.auth.resources.cfnResources.cfnUserPool.addPropertyOverride(
  'LambdaConfig.InboundFederation',
  {
    LambdaArn: backend.inboundFederation.resources.lambda.functionArn,
    LambdaVersion: 'V1_0',
  },
);
backend.inboundFederation.resources.lambda.addPermission('Cognito', {
  principal: new ServicePrincipal('cognito-idp.amazonaws.com'),
  sourceArn: backend.auth.resources.userPool.userPoolArn,
});
backend.addOutput({ custom: { region: 'us-east-1' } });
