import { defineBackend } from '@aws-amplify/backend';
import { auth } from './auth/resource';

defineBackend({ auth }).addOutput({ custom: { region: 'eu-central-1' } });
