import { defineStorage } from '@aws-amplify/backend';
import { onUpload } from './on-upload/resource';

export const storage = defineStorage({
  name: 'files',
  triggers: {
    onUpload,
  },
});
