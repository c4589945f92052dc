import { defineAuth } from '@aws-amplify/backend';

export const auth = defineAuth({
  loginWith: {
<<<<<<< HEAD
    email: true,
=======
    phone: true,
>>>>>>> main
  },
});
