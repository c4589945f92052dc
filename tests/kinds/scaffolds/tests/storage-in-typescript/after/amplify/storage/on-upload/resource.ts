import { defineFunction } from '@aws-amplify/backend';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';

export const onUpload = defineFunction(
  (scope) =>
    new Function(scope, 'on-upload.rust', {
      code: Code.fromAsset('../../../target/lambda/on-upload'),
      handler: 'bootstrap',
      runtime: Runtime.PROVIDED_AL2023,
    }),
  { resourceGroupName: 'storage' },
);
