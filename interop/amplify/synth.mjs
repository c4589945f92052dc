// Synthesizes apps, all in this one process: `node --import tsx synth.mjs FOLDER…`.
//
// Does what `ampx` does: gives the CDK its context, loads `amplify/backend.ts`, and sends the
// message that makes Amplify synthesize. The templates go to `cdk.out` in each folder.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const module = (path) => import(pathToFileURL(join(import.meta.dirname, 'node_modules', path)).href);
const { AmplifyAuthFactory } = await module('@aws-amplify/backend-auth/lib/factory.js');

process.env.CDK_CONTEXT_JSON = JSON.stringify({
  'amplify-backend-namespace': 'interop',
  'amplify-backend-name': 'dev',
  'amplify-backend-type': 'sandbox',
});

let failed = 0;
for (const folder of process.argv.slice(2)) {
  try {
    process.env.CDK_OUTDIR = resolve(folder, 'cdk.out');
    // One user pool to a process is Amplify's rule.
    AmplifyAuthFactory.factoryCount = 0;
    const backend = ['ts', 'mts', 'js'].map((ending) => resolve(folder, `amplify/backend.${ending}`)).find(existsSync);
    await import(pathToFileURL(backend).href);
    process.emit('message', 'amplifySynth', undefined);
  } catch (error) {
    failed += 1;
    console.error(`=== ${folder} cannot be synthesized`);
    for (let cause = error; cause; cause = cause.cause) console.error(cause.stack ?? cause);
  }
}
process.exit(failed ? 1 : 0);
