const { defineBackend } = require('@aws-amplify/backend');
const { auth } = require('./auth/resource.cjs');

defineBackend({ auth });
