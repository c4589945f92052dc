// The user pool comes here.
