import { defineAuth } from '@aws-amplify/backend';

const base = { loginWith: { email: true as const }, ...base };

export const auth = defineAuth(base);
