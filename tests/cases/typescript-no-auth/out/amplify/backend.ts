import { defineBackend } from '@aws-amplify/backend'
import { auth } from './auth/resource'
import { authz } from './authz/resource'

const backend = defineBackend({ auth, authz })

backend.authz.addEnvironment('REGION', 'eu')
