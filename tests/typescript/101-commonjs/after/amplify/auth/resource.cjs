const { defineAuth } = require('@aws-amplify/backend');
const { preSignUp } = require('./pre-sign-up/resource');

exports.auth = defineAuth({ loginWith: { email: true }, triggers: { preSignUp } });
