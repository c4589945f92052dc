import { defineFunction } from '@aws-amplify/backend';

export const signIn = defineFunction({ name: 'sign-in', entry: './handler.ts' });
export default defineFunction({ name: 'checks', entry: './handler.ts' });
