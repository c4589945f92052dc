import { defineBackend } from '@aws-amplify/backend';
// import { auth } from './auth/resource';
import { data } from './data/resource';

const resources = { data };
defineBackend({ /* auth, */ ...resources });
