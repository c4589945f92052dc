import { defineFunction } from '@aws-amplify/backend';

export const preTokenGeneration = defineFunction({
  name: 'tokens',
  resourceGroupName: 'auth',
});
