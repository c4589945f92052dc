// Synthesizes apps, all in this one process: `node --import tsx synth.mjs FOLDER…`.
//
// Does what `ampx` does: gives the CDK its context, loads `amplify/backend.ts` with the settings of
// the app's own tsconfig.json, and sends the message that makes Amplify synthesize. The templates
// go to `cdk.out` in each folder. The libraries take seconds to load, so they are loaded once for
// all apps, and once more for those that `require` them.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { register } from 'tsx/esm/api';

const require = createRequire(import.meta.url);
const factory = new URL('factory.js', import.meta.resolve('@aws-amplify/backend-auth'));
const loaded = await import(factory.href);

process.env.CDK_CONTEXT_JSON = JSON.stringify({
  // For templates alone: handlers are not bundled, and the files of nested stacks are named.
  ...(process.env.ONLY_TEMPLATES && { 'aws:cdk:bundling-stacks': [], 'aws:cdk:enable-asset-metadata': true }),
  'amplify-backend-namespace': 'interop',
  'amplify-backend-name': 'dev',
  'amplify-backend-type': 'sandbox',
});

/** One user pool to a process is Amplify's rule: each app starts at none. */
function forgetUserPools() {
  const required = require.cache[fileURLToPath(factory)]?.exports;
  for (const { AmplifyAuthFactory } of [loaded, required ?? loaded]) AmplifyAuthFactory.factoryCount = 0;
}

async function synthesize(folder) {
  const first = (...paths) => paths.map((path) => resolve(folder, path)).find(existsSync);
  const unregister = register({ tsconfig: first('tsconfig.json', 'amplify/tsconfig.json') });
  try {
    process.env.CDK_OUTDIR = resolve(folder, 'cdk.out');
    forgetUserPools();
    await import(pathToFileURL(first('amplify/backend.ts', 'amplify/backend.mts', 'amplify/backend.js', 'amplify/backend.cjs')).href);
    process.emit('message', 'amplifySynth', undefined);
  } finally {
    await unregister();
  }
}

let failed = 0;
for (const folder of process.argv.slice(2)) {
  try {
    await synthesize(folder);
  } catch (error) {
    failed += 1;
    console.error(`=== ${folder} cannot be synthesized`);
    for (let cause = error; cause; cause = cause.cause) console.error(cause.stack ?? cause);
  }
}
process.exit(failed ? 1 : 0);
