// Users sign up and sign in at deployed user pools, as apps do: by Amplify's library and what
// `amplify_outputs.json` says. Arguments: directories of projects.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Amplify, ConsoleLogger } from "@aws-amplify/core";
import { parseAmplifyConfig } from "@aws-amplify/core/internals/utils";
import { cognitoCredentialsProvider, cognitoUserPoolsTokenProvider } from "@aws-amplify/auth/cognito";
import { confirmSignIn, confirmSignUp, fetchAuthSession, signIn, signOut, signUp } from "@aws-amplify/auth";

const username = "jane@example.com";
const password = "Example-Passw0rd";
const endpoint = process.env.AWS_ENDPOINT_URL;
ConsoleLogger.LOG_LEVEL = "ERROR"; // It warns of the endpoint.

for (const project of process.argv.slice(2)) {
  const name = basename(project);
  const outputs = JSON.parse(readFileSync(join(project, "amplify_outputs.json")));
  const config = parseAmplifyConfig(outputs);
  config.Auth.Cognito.userPoolEndpoint = endpoint;
  config.Auth.Cognito.identityPoolEndpoint = endpoint;
  cognitoUserPoolsTokenProvider.setAuthConfig(config.Auth);
  Amplify.configure(config, {
    Auth: { tokenProvider: cognitoUserPoolsTokenProvider, credentialsProvider: cognitoCredentialsProvider },
  });

  await signUp({ username, password, options: { userAttributes: { email: username } } });
  // The emulator sends no email: this is its code.
  await confirmSignUp({ username, confirmationCode: "123456" });
  if (name === "custom") {
    await signIn({ username, options: { authFlowType: "CUSTOM_WITHOUT_SRP" } });
    const wrong = await confirmSignIn({ challengeResponse: "wrong" });
    assert.equal(wrong.isSignedIn, false);
    const code = readFileSync(join(project, "code"), "utf8");
    const right = await confirmSignIn({ challengeResponse: code });
    assert.ok(right.isSignedIn, JSON.stringify(right));
  } else {
    const signedIn = await signIn({ username, password });
    assert.ok(signedIn.isSignedIn, JSON.stringify(signedIn));
  }
  if (name === "others") {
    const stranger = { username: "bob@example.org", password };
    // The words of the handler for pre-sign-up.
    await assert.rejects(signUp(stranger), { name: "UserLambdaValidationException" });
  }
  const { tokens } = await fetchAuthSession();
  // V1_0 changes the ID token only.
  const changed = ["v1", "custom"].includes(name) ? ["idToken"] : ["idToken", "accessToken"];
  for (const token of changed) {
    const { payload } = tokens[token];
    assert.deepEqual(payload["cognito:groups"], ["editors"], `${name}: groups of the ${token}`);
    assert.equal(payload.plan, "pro", `${name}: claim of the ${token}`);
  }
  assert.equal(tokens.idToken.payload.email, username);
  await signOut();
  console.log(`${name}: signed in, with the group and the claim`);
}
