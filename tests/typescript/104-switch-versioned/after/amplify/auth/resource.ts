import { defineAuth } from '@aws-amplify/backend';
import { preTokenGenerationRust } from './pre-token-generation-rust/resource';

export const auth = defineAuth({
  loginWith: { email: true },
  triggers: { preTokenGeneration: preTokenGenerationRust },
});
