// A person signs up and signs in at a user pool whose triggers are the generated handlers.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createPublicKey, createVerify } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";

const program = process.env.CARGO_AMPLIFY;
const here = import.meta.dirname ?? dirname(new URL(import.meta.url).pathname);
const repository = join(here, "../..");
const folder = mkdtempSync(join(tmpdir(), "cognito-local-"));
const app = join(folder, "app");
const handler = (kind) => join(app, "amplify/auth", kind, "src/handler.rs");
const started = [];

const triggers = {
  PreSignUp: "pre-sign-up",
  PostConfirmation: "post-confirmation",
  CustomMessage: "custom-message",
  UserMigration: "user-migration",
  PreTokenGeneration: "pre-token-generation",
};

let lambda;
let cognito;
let pool;
let client;

before(async () => {
  mkdirSync(app);
  for (const kind of Object.values(triggers)) {
    const args = ["new", "auth-trigger", kind, "--quiet"];
    const made = spawnSync(program, args, { cwd: app, stdio: "inherit" });
    assert.equal(made.status, 0, kind);
  }
  cpSync(join(repository, "tests/generated.lock"), join(app, "Cargo.lock"));

  lambda = await start(program, ["serve", "--port", "0"], app, /serving on (http:[\w.:/]+)/);
  writeConfig(lambda.found);
  const bin = createRequire(import.meta.url).resolve("cognito-local/lib/bin/start.js");
  cognito = await start(process.execPath, [bin], folder, /running on (http:[\w.:/]+)/, { CODE: "123456" });

  const settings = { UsernameAttributes: ["email"], AutoVerifiedAttributes: ["email"] };
  pool = (await call("CreateUserPool", { PoolName: "pool", ...settings })).UserPool.Id;
  const made = await call("CreateUserPoolClient", { UserPoolId: pool, ClientName: "app" });
  client = made.UserPoolClient.ClientId;
});

after(() => {
  for (const child of started) child.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
});

test("a new user signs up, confirms, signs in, and has the claim in a signed ID token", async () => {
  // The lines for pools that send with Amazon SES.
  edit("custom-message", /\/\/ (\.email_)/g, "$1");
  await call("SignUp", {
    ClientId: client,
    Username: "jane@example.com",
    Password: "Example-Passw0rd",
    UserAttributes: [{ Name: "email", Value: "jane@example.com" }],
  });
  await heard(lambda, /accepted\W+pre-sign-up PreSignUp_SignUp/);
  await heard(lambda, /custom-message CustomMessage_SignUp/);
  await heard(cognito, /<p>Your code to confirm your account: 123456<\/p>/);

  const Username = "jane@example.com";
  await call("ConfirmSignUp", { ClientId: client, Username, ConfirmationCode: "123456" });
  await heard(lambda, /accepted\W+post-confirmation PostConfirmation_ConfirmSignUp/);
  await heard(lambda, /post-confirmation \| .*new user user_id="[\w-]+"/);

  const claims = await verified((await signIn(Username)).IdToken);
  assert.equal(claims.amplfy_attribute, "amplify_gen_2");
  assert.equal(claims.email, Username);
  await heard(lambda, /pre-token-generation TokenGeneration_Authentication/);
});

test("a sign-up is refused in the handler's words", async () => {
  const source = readFileSync(handler("pre-sign-up"), "utf8");
  const closed = 'Err(Error::Refused("we are closed".to_owned()))';
  edit("pre-sign-up", "decide(event, &allowed)", closed);
  const refused = await post("SignUp", {
    ClientId: client,
    Username: "bob@example.com",
    Password: "Example-Passw0rd",
    UserAttributes: [{ Name: "email", Value: "bob@example.com" }],
  });
  assert.equal(refused.status, 400);
  assert.match(refused.body.__type, /UserLambdaValidationException/);
  assert.match(refused.body.message, /failed with error we are closed\.$/);
  writeFileSync(handler("pre-sign-up"), source);
});

test("a user of the old directory is migrated by a handler that was edited meanwhile", async () => {
  edit(
    "user-migration",
    /(async fn authenticate[^{]*\{)[^}]*\}/,
    `$1
    let attributes = [("email", "old@example.com"), ("email_verified", "true")];
    let attributes = attributes.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Ok(Some(attributes.into()))
}`,
  );
  const claims = await verified((await signIn("old@example.com")).IdToken);
  assert.equal(claims.email, "old@example.com");
  assert.equal(claims.amplfy_attribute, "amplify_gen_2");
  await heard(lambda, /accepted\W+user-migration UserMigration_Authentication/);
});

test("a person signs in with the lines of the documentation", async () => {
  const lines = documented("js").replace("http://127.0.0.1:9229", cognito.found);
  const run = spawnSync(process.execPath, ["--input-type=module", "-"], { cwd: here, input: lines });
  const token = String(run.stdout).trim();
  assert.equal(token.split(".").length, 3, `${token}${run.stderr}`);
  const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
  assert.equal(claims.amplfy_attribute, "amplify_gen_2");
});

test("the AWS CLI invokes a function with the lines of the documentation", () => {
  const sample = join(app, "amplify/auth/pre-sign-up/events/PreSignUp_SignUp.json");
  cpSync(sample, join(folder, "event.json"));
  const lines = documented("text").replace("http://127.0.0.1:9000", lambda.found);
  const run = spawnSync("sh", ["-ec", lines], { cwd: folder });
  assert.equal(run.status, 0, String(run.stderr));
  const reply = JSON.parse(readFileSync(join(folder, "reply.json")));
  assert.equal(typeof reply.response.autoConfirmUser, "boolean");
});

/** The block in this language of the page about local user pools. */
function documented(language) {
  const page = readFileSync(join(repository, "docs/local.md"), "utf8");
  return page.split(`\`\`\`${language}\n`)[1].split("```")[0];
}

function signIn(name) {
  const AuthParameters = { USERNAME: name, PASSWORD: "Example-Passw0rd" };
  const request = { ClientId: client, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters };
  return call("InitiateAuth", request).then((answer) => answer.AuthenticationResult);
}

function edit(kind, before, after) {
  const source = readFileSync(handler(kind), "utf8");
  const edited = source.replace(before, after);
  assert.notEqual(edited, source, `${kind} is another one`);
  writeFileSync(handler(kind), edited);
}

/** The claims of a token, if the pool has signed it. */
async function verified(token) {
  const [head, body, signature] = token.split(".");
  const decoded = (part) => JSON.parse(Buffer.from(part, "base64url"));
  const keys = await fetch(`${cognito.found}/${pool}/.well-known/jwks.json`).then((it) => it.json());
  const jwk = keys.keys.find((key) => key.kid === decoded(head).kid);
  const check = createVerify("RSA-SHA256").update(`${head}.${body}`);
  const key = createPublicKey({ key: jwk, format: "jwk" });
  assert.ok(check.verify(key, Buffer.from(signature, "base64url")), "the signature is wrong");
  return decoded(body);
}

async function call(operation, request) {
  const answer = await post(operation, request);
  assert.equal(answer.status, 200, `${operation}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function post(operation, request) {
  const headers = {
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}`,
    // cognito-local looks for the region and key in the header; it checks no signature.
    Authorization:
      "AWS4-HMAC-SHA256 Credential=local/20260101/local/cognito-idp/aws4_request, SignedHeaders=host, Signature=0",
  };
  const answer = await fetch(cognito.found, { method: "POST", headers, body: JSON.stringify(request) });
  return { status: answer.status, body: await answer.json() };
}

function writeConfig(endpoint) {
  const config = {
    LambdaClient: { endpoint, region: "local", credentials: { accessKeyId: "local", secretAccessKey: "local" } },
    ServerConfig: { hostname: "127.0.0.1", port: 0 },
    TriggerFunctions: triggers,
  };
  mkdirSync(join(folder, ".cognito"));
  writeFileSync(join(folder, ".cognito/config.json"), JSON.stringify(config));
}

/** Starts a program and waits until it says where it listens. */
async function start(command, args, cwd, where, env = {}) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env } });
  started.push(child);
  const running = { said: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => (running.said += data));
  }
  child.on("exit", (code) => (running.exit = code));
  running.found = (await heard(running, where, 600))[1];
  return running;
}

/** Waits until a program has said something. */
async function heard(running, what, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = running.said.match(what);
    if (found) return found;
    if (running.exit !== undefined || Date.now() > end) {
      assert.fail(`it never said ${what}:\n${running.said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
